#!/usr/bin/env python3
"""Export torchvision's segmentation networks as users do, and hold a run of SegBatch against PyTorch's own answer.
Needs torch, torchvision, onnx and Pillow. Weights are random and seeded: normalisations are fitted to the pictures and scores spread, so that the
networks say something; what they say means nothing.

  torchvision_exports.py export PICTURES OUT [NAME ...]                 writes OUT/NAME.onnx and OUT/NAME.pt
  segbatch run --source PICTURES --model OUT/NAME.onnx --no-video --out RUN      (--imgsz 256,320 for open-deeplab, open-lraspp)
  segbatch query RUN "from instances" --format jsonl --output ROWS      (from regions: semantic networks)
  torchvision_exports.py compare PICTURES OUT/NAME.pt ROWS

PICTURES is a folder of PNG files: about 640 pixels wide for objects, 320x256 for semantic networks. These are then fed as they are; resizing in 8 bits
(here) and in floats (there) differs by a level, at which random networks change their mind.
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torchvision.models import detection, segmentation
from torchvision.transforms.functional import to_tensor

SIDES = (256, 320)
CONF = 0.25
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
HW = {2: "height", 3: "width"}
RANDOM = {"weights": None, "weights_backbone": None}
PARTS = ["boxes", "labels", "scores", "masks"]

# Name: network, arguments of its maker, arguments of torch.onnx.export; "list" feeds [picture], as torchvision's own recipe does.
EXPORTS = {
    "maskrcnn-recipe": ("maskrcnn_resnet50_fpn", {}, {"list": True, "opset_version": 11, "input_names": ["images_tensors"], "output_names": PARTS,
        "dynamic_axes": {"images_tensors": [0, 1, 2], "boxes": [0, 1], "labels": [0], "scores": [0], "masks": [0, 1, 2]}}),
    "maskrcnn-plain": ("maskrcnn_resnet50_fpn", {}, {"opset_version": 13}),
    "open-maskrcnn": ("maskrcnn_resnet50_fpn", {}, {"opset_version": 14, "input_names": ["image"], "output_names": PARTS, "dynamic_axes": {"image": HW}}),
    "keypointrcnn": ("keypointrcnn_resnet50_fpn", {"num_classes": 2}, {"opset_version": 11, "input_names": ["image"],
        "output_names": ["boxes", "labels", "scores", "keypoints", "keypoints_scores"]}),
    "deeplab-plain": ("deeplabv3_mobilenet_v3_large", {"aux_loss": True}, {"opset_version": 11}),
    "open-deeplab": ("deeplabv3_mobilenet_v3_large", {"aux_loss": True}, {"opset_version": 16, "input_names": ["input"],
        "output_names": ["out", "aux"], "dynamic_axes": {name: {0: "batch", **HW} for name in ("input", "out", "aux")}}),
    "open-lraspp": ("lraspp_mobilenet_v3_large", {}, {"opset_version": 16, "input_names": ["input"], "output_names": ["out"],
        "dynamic_axes": {"input": [0, 2, 3], "out": [0, 2, 3]}}),
    "fcn-resnet": ("fcn_resnet50", {"aux_loss": True}, {"opset_version": 13, "input_names": ["input"], "output_names": ["out", "aux"]}),
}


def pictures(folder):
    return [to_tensor(Image.open(path).convert("RGB")) for path in sorted(Path(folder).glob("*.png"))]


def stretched(picture):
    return (F.interpolate(picture[None], size=SIDES, mode="bilinear", align_corners=False) - MEAN) / STD


def calibrate(part, inputs):
    """Fits running means: activations of random weights explode otherwise."""
    for module in part.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.momentum = None
            module.reset_running_stats()
    part.train()
    for batch in inputs:
        part(batch)
    part.eval()


def seen(module, net, images):
    found = []
    hook = module.register_forward_hook(lambda _module, _inputs, output: found.append(output))
    for image in images:
        net([image])
    hook.remove()
    return found


def speak(net, images, share=0.05):
    """Scores of a few regions become confident, the background is ahead elsewhere; masks get edges."""
    scores = net.roi_heads.box_predictor.cls_score
    logits = torch.cat([output[0] for output in seen(net.roi_heads.box_predictor, net, images)])
    gain = 3 / logits.std(0).mean()
    scores.bias.copy_(gain * (scores.bias - logits.mean(0)))
    scores.weight *= gain
    scores.weight[0] = 0
    scores.bias[0] = torch.quantile((gain * (logits - logits.mean(0)))[:, 1:].max(1).values, 1 - share)
    if (masks := net.roi_heads.mask_predictor) is not None:
        masks.mask_fcn_logits.weight *= 3 / torch.cat([output.flatten() for output in seen(masks, net, images)]).std()


def export(folder, out, names):
    for name in names or EXPORTS:
        maker, given, options = EXPORTS[name]
        options, images = dict(options), pictures(folder)
        torch.manual_seed(7)
        if hasattr(detection, maker):
            net = getattr(detection, maker)(**RANDOM, **{"num_classes": 91, "min_size": 320, "max_size": 640, **given})
            calibrate(net.backbone, [net.transform([image])[0].tensors for image in images])
            speak(net.eval(), images)
            fed = ([images[0]],) if options.pop("list", False) else (images[0][None],)
        else:
            net = getattr(segmentation, maker)(**RANDOM, num_classes=21, **given)
            calibrate(net, [torch.cat([stretched(image) for image in images])])
            fed = (stretched(images[0]),)
        torch.save(net, out / f"{name}.pt")
        torch.onnx.export(net, fed, str(out / f"{name}.onnx"), **options)
        print(name)


def decoded(text, height, width):
    """The mask of COCO's compressed run lengths."""
    counts, at = [], 0
    while at < len(text):
        value = shift = 0
        while True:
            bits = ord(text[at]) - 48
            value |= (bits & 31) << shift
            at, shift = at + 1, shift + 5
            if not bits & 32:
                break
        value -= (bits & 16) and 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    mask, place = torch.zeros(height * width, dtype=torch.bool), 0
    for i, count in enumerate(counts):
        mask[place:place + count] = bool(i % 2)
        place += count
    return mask.view(width, height).T


def iou(a, b):
    return ((a & b).sum() / (a | b).sum().clamp(min=1)).item()


def objects(net, picture, rows, figures):
    answer = net([picture])[0]
    kept = answer["scores"] > CONF
    figures["recorded"] += int(kept.sum())
    figures["found"] += len(rows)
    for box, score, label, mask in zip(*(answer[part][kept] for part in ("boxes", "scores", "labels", "masks"))):
        off = [(max(abs(row[key] - side.item()) for key, side in zip(("x1", "y1", "x2", "y2"), box)), i)
               for i, row in enumerate(rows) if row["class_id"] == label.item() - 1]
        if off and min(off)[0] < 1:
            row = rows.pop(min(off)[1])
            figures["matched"] += 1
            figures["box"].append(min(off)[0])
            figures["score"].append(abs(row["score"] - score.item()))
            figures["mask"].append(iou(decoded(row["mask_rle"], *picture.shape[1:]), mask[0] > 0.5))


def regions(net, picture, rows, figures):
    size = picture.shape[1:]
    want = F.interpolate(net(stretched(picture))["out"], size=size, mode="bilinear", align_corners=False)[0].argmax(0)
    got = torch.zeros_like(want)
    for row in rows:
        got[decoded(row["mask_rle"], *size)] = row["class_id"] + 1
    figures["pixels"].append((got == want).float().mean().item())


def compare(folder, net, rows):
    net = torch.load(net, weights_only=False).eval()
    rows = [json.loads(line) for line in open(rows)]
    figures = {"recorded": 0, "found": 0, "matched": 0, "box": [], "score": [], "mask": [], "pixels": []}
    for frame, picture in enumerate(pictures(folder)):
        how = objects if hasattr(net, "roi_heads") else regions
        how(net, picture, [row for row in rows if row["frame"] == frame], figures)
    for key, value in figures.items():
        if isinstance(value, int):
            print(f"{key}: {value}")
        elif value:
            print(f"{key}: mean {sum(value) / len(value):.5f}, least {min(value):.5f}, most {max(value):.5f}")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    match sys.argv[1:]:
        case ["export", folder, out, *names]:
            export(folder, Path(out), names)
        case ["compare", folder, net, rows]:
            compare(folder, net, rows)
        case _:
            sys.exit(__doc__)
