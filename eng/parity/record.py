#!/usr/bin/env python3
"""Record what an Ultralytics installation finds in a clip, for `segbatch verify`. Needs: pip install ultralytics onnxruntime

  record.py gate.mp4 yolov8n-seg.onnx                        gate.yolov8n-seg.retina.jsonl.gz: masks at the frame's size
  record.py gate.mp4 yolov8n-seg.onnx --part bytetrack       track ids

Uses only the documented Python interface (docs.ultralytics.com: modes/predict, modes/track). The format: docs/parity.md.
"""
import argparse
import gzip
import hashlib
import json
from pathlib import Path

import numpy
import ultralytics
from ultralytics import YOLO


def counts(mask):
    """Run lengths of a mask column by column, the first of clear pixels."""
    flat = numpy.asarray(mask).astype(bool).flatten(order="F")
    edges = numpy.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = numpy.concatenate(([0], edges, [flat.size]))
    runs = numpy.diff(bounds).tolist()
    return [0] + runs if flat.size and flat[0] else runs


def compressed(runs):
    """COCO's text: differences to the count two before, in groups of five bits, lowest first."""
    text = []
    for i, run in enumerate(runs):
        value = run - runs[i - 2] if i > 2 else run
        while True:
            bits = value & 31
            value >>= 5
            more = value != (-1 if bits & 16 else 0)
            text.append(chr(48 + bits + (32 if more else 0)))
            if not more:
                break
    return "".join(text)


def frame_line(index, result, part):
    boxes, size = result.boxes, list(result.orig_shape)
    line = {"frame": index, "shape": size, "md5": hashlib.md5(result.orig_img.tobytes()).hexdigest()}
    xyxy, conf, cls = boxes.xyxy.tolist(), boxes.conf.tolist(), [int(c) for c in boxes.cls.tolist()]
    if part in ("predict", "retina"):
        masks = [] if result.masks is None else result.masks.data.cpu().numpy()
        line.update(xyxy=xyxy, conf=conf, cls=cls, mask_size=list(masks[0].shape) if len(masks) else size,
                    rle=[compressed(counts(mask)) for mask in masks])
    elif boxes.id is None:  # nothing is tracked in this frame
        line.update(xyxy=[], id=[], conf=[], cls=[])
    else:
        line.update(xyxy=xyxy, id=[int(i) for i in boxes.id.tolist()], conf=conf, cls=cls)
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip")
    parser.add_argument("model")
    parser.add_argument("--part", default="retina", help="retina, predict, bytetrack or botsort (default: retina)")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--conf", type=float, help="default: 0.25; 0.1 with a tracker")
    parser.add_argument("--iou", type=float, default=0.7)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--frames", type=int, help="stop after so many")
    parser.add_argument("--out", help="default: CLIP.MODEL.PART.jsonl.gz")
    given = parser.parse_args()

    tracked = given.part not in ("predict", "retina")
    args = {"conf": given.conf or (0.1 if tracked else 0.25), "iou": given.iou, "imgsz": given.imgsz, "device": given.device}
    model = YOLO(given.model, task="segment")
    if tracked:
        args.update(tracker=f"{given.part}.yaml", persist=False)
        results = model.track(given.clip, stream=True, verbose=False, **args)
    else:
        args["retina_masks"] = given.part == "retina"
        results = model.predict(given.clip, stream=True, verbose=False, **args)

    out = given.out or f"{Path(given.clip).stem}.{Path(given.model).stem}.{given.part}.jsonl.gz"
    with gzip.open(out, "wt") as file:
        header = {"ultralytics": ultralytics.__version__, "model": Path(given.model).name, "clip": Path(given.clip).name,
                  "part": given.part, "args": args}
        file.write(json.dumps(header) + "\n")
        for index, result in enumerate(results):
            if index == given.frames:
                break
            file.write(json.dumps(frame_line(index, result, given.part)) + "\n")
    print(out)


if __name__ == "__main__":
    main()
