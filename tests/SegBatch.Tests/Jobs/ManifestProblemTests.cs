using System.Text;
using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>What a manifest with mistakes is told, word by word: a person reads these lines.</summary>
public sealed class ManifestProblemTests : IDisposable
{
    private const string Good = "model: m.onnx\noutput: out\nsources: [a.mp4]\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "job.yaml: the manifest is empty; it needs at least model, output and sources")]
    [InlineData("# nothing\n", "job.yaml: the manifest is empty; it needs at least model, output and sources")]
    [InlineData("just words\n", "job.yaml:1:1: expected keys and values (model: …, output: …, sources: …)\n    just words")]
    [InlineData("[a, b]\n", "job.yaml:1:1: expected keys and values (model: …, output: …, sources: …)\n    [a, b]")]
    [InlineData("name: a\n---\nname: b\n", "job.yaml:2:1: a second document starts here ('---'); a manifest is one document\n    ---")]
    [InlineData(
        "detect:\n\tconf: 0.3\n",
        "job.yaml:2:1: YAML is indented by spaces; there is a tab at the start of this line\n    \\tconf: 0.3"
    )]
    [InlineData("name: a\nname: b\n", "job.yaml:2:1: the key 'name' stands here a second time (first in line 1)\n    name: b")]
    [InlineData(
        "sources: [a.mp4\ndetect: {}\n",
        "job.yaml:1:10: this is no YAML: what begins here cannot be understood; is a closing bracket or quote missing?\n    sources: [a.mp4"
    )]
    [InlineData(
        "model: m: n\n",
        "job.yaml:1:9: this is no YAML: While scanning a plain scalar value, found invalid mapping.\n    model: m: n"
    )]
    [InlineData("a: &x 1\nb: *x\n", "job.yaml:2:4: aliases (*x) are not supported; write the value out\n    b: *x")]
    [InlineData(
        "[a]: 1\n[b]: 2\n\"\": 3\n",
        "job.yaml:1:1: expected a key\n    [a]: 1",
        "job.yaml:2:1: expected a key\n    [b]: 2",
        "job.yaml:3:1: expected a key\n    \"\": 3"
    )]
    public void A_text_that_is_no_manifest(string yaml, params string[] expected) =>
        Assert.Equal(
            expected,
            Problems(yaml)
                .Where(problem =>
                    !problem.Contains("is missing", StringComparison.Ordinal)
                    && !problem.Contains("names no video", StringComparison.Ordinal)
                )
        );

    [Theory]
    [InlineData("modell: x", "job.yaml:4:1: unknown key 'modell'. Did you mean 'model'?\n    modell: x")]
    [InlineData("detect: {konf: 0.3}", "job.yaml:4:10: unknown key 'konf'. Did you mean 'conf'?\n    detect: {konf: 0.3}")]
    [InlineData(
        "detect: {confidence: 0.3}",
        "job.yaml:4:10: unknown key 'confidence'. Did you mean 'conf'?\n    detect: {confidence: 0.3}"
    )]
    [InlineData(
        "track: {offline: {maxgap: 3}}",
        "job.yaml:4:19: unknown key 'maxgap'. Did you mean 'max_gap'?\n    track: {offline: {maxgap: 3}}"
    )]
    [InlineData(
        "track: {offline: {max_gap: -3}}",
        "job.yaml:4:28: max_gap: expected a number from 0 to 3600, got '-3'.\n    track: {offline: {max_gap: -3}}"
    )]
    [InlineData("track: {offline: 3}", "job.yaml:4:18: offline: expected true or false, got '3'.\n    track: {offline: 3}")]
    [InlineData("conf: 0.3", "job.yaml:4:1: 'conf' belongs under 'detect:'\n    conf: 0.3")]
    [InlineData("track: {iou: 0.3}", "job.yaml:4:9: 'iou' belongs under 'detect:'\n    track: {iou: 0.3}")]
    [InlineData(
        "detect: {stride: 2}",
        "job.yaml:4:10: 'stride' belongs at the top of the manifest, or at a source\n    detect: {stride: 2}"
    )]
    [InlineData("detect: 5", "job.yaml:4:9: detect: expected keys and values, such as {imgsz: …}\n    detect: 5")]
    [InlineData("detect: {conf: high}", "job.yaml:4:16: conf: expected a number from 0 to 1, got 'high'.\n    detect: {conf: high}")]
    [InlineData("detect: {conf: .nan}", "job.yaml:4:16: conf: expected a number from 0 to 1, got '.nan'.\n    detect: {conf: .nan}")]
    [InlineData("detect: {conf: NaN}", "job.yaml:4:16: conf: expected a number from 0 to 1, got 'NaN'.\n    detect: {conf: NaN}")]
    [InlineData(
        "track: {lost_seconds: 1e400}",
        "job.yaml:4:23: lost_seconds: expected a number from 0 to 86400, or auto, got '1e400'.\n    track: {lost_seconds: 1e400}"
    )]
    [InlineData(
        "track: {lost_seconds: .inf}",
        "job.yaml:4:23: lost_seconds: expected a number from 0 to 86400, or auto, got '.inf'.\n    track: {lost_seconds: .inf}"
    )]
    [InlineData("detect: {conf: -0.1}", "job.yaml:4:16: conf: expected a number from 0 to 1, got '-0.1'.\n    detect: {conf: -0.1}")]
    [InlineData(
        "detect: {max_det: 0}",
        "job.yaml:4:19: max_det: expected a whole number from 1 to 30000, got '0'.\n    detect: {max_det: 0}"
    )]
    [InlineData(
        "detect: {max_det: 99999999999999999999}",
        "job.yaml:4:19: max_det: expected a whole number from 1 to 30000, got '99999999999999999999'.\n    detect: {max_det: 99999999999999999999}"
    )]
    [InlineData("stride: 1.5", "job.yaml:4:9: stride: expected a whole number from 1 to 1000000, got '1.5'.\n    stride: 1.5")]
    [InlineData(
        "detect: {conf: [0.1, 0.2]}",
        "job.yaml:4:16: conf: expected a number from 0 to 1, got a list\n    detect: {conf: [0.1, 0.2]}"
    )]
    [InlineData(
        "detect: {conf: {a: 1}}",
        "job.yaml:4:16: expected a value or a list of values, got keys and values\n    detect: {conf: {a: 1}}"
    )]
    [InlineData("detect:\n  conf:", "job.yaml:5:8: conf: expected a number from 0 to 1, got nothing.\n      conf:")]
    [InlineData(
        "detect: {agnostic_nms: NO}",
        "job.yaml:4:24: agnostic_nms: expected true or false, got 'NO'.\n    detect: {agnostic_nms: NO}"
    )]
    [InlineData(
        "detect: {masks: exakt}",
        "job.yaml:4:17: masks: expected exact, reference, got 'exakt'. Did you mean 'exact'?\n    detect: {masks: exakt}"
    )]
    [InlineData(
        "detect: {imgsz: [640, 640, 3]}",
        "job.yaml:4:17: imgsz: expected a number of pixels or [height, width], or auto, got 3 values\n    detect: {imgsz: [640, 640, 3]}"
    )]
    [InlineData(
        "detect: {imgsz: 1e3}",
        "job.yaml:4:17: imgsz: expected a number of pixels or [height, width], or auto, got '1e3'.\n    detect: {imgsz: 1e3}"
    )]
    [InlineData(
        "detect: {classes: []}",
        "job.yaml:4:19: classes: expected a list of class names or ids, got 0 values\n    detect: {classes: []}"
    )]
    [InlineData(
        "detect: {retina_masks: false}",
        "job.yaml:4:24: retina_masks: expected true, got 'false'. Masks always have the source's resolution here; leave it out.\n    detect: {retina_masks: false}"
    )]
    [InlineData(
        "track: {tracker: bytetrac}",
        "job.yaml:4:18: tracker: expected bytetrack, botsort, ocsort, deepocsort, fasttrack, tracktrack, masktrack, none, or a file (.yaml), got 'bytetrac'. Did you mean 'bytetrack'?\n    track: {tracker: bytetrac}"
    )]
    [InlineData(
        "run: {device: cuda:x}",
        "job.yaml:4:15: device: expected auto, cpu, cuda, cuda:N, tensorrt, tensorrt:N, got 'cuda:x'. Did you mean 'cuda'?\n    run: {device: cuda:x}"
    )]
    [InlineData("start: 01:90", "job.yaml:4:8: start: expected seconds, HH:MM:SS, or {frame: N}, got '01:90'.\n    start: 01:90")]
    [InlineData(
        "start: {frame: -1}",
        "job.yaml:4:8: start: expected seconds, HH:MM:SS, or {frame: N}, got 'frame -1'.\n    start: {frame: -1}"
    )]
    [InlineData(
        "mode: referenz",
        "job.yaml:4:7: mode: expected default, reference, got 'referenz'. Did you mean 'reference'?\n    mode: referenz"
    )]
    [InlineData(
        "rules: [{zone: a}]",
        "job.yaml:4:8: zones and lines are not supported by this version; leave rules empty\n    rules: [{zone: a}]"
    )]
    [InlineData("start: 5\nend: 5", "job.yaml:3:11: 'start' is not before 'end'\n    sources: [a.mp4]")]
    [InlineData("track: {track_low_thresh: 0.5}", "job.yaml:3:11: 'track_low_thresh' is above 'track_high_thresh'\n    sources: [a.mp4]")]
    [InlineData("annotate: {crf: 60}", "job.yaml:3:11: 'crf' is 60; h264 takes at most 51\n    sources: [a.mp4]")]
    [InlineData("? [a, b]\n: 1", "job.yaml:4:3: expected a key\n    ? [a, b]")]
    [InlineData("\"n\\e[31mame\": x", "job.yaml:4:1: unknown key 'n\\u001b[31mame'.\n    \"n\\e[31mame\": x")]
    public void One_mistake_in_a_good_manifest(string line, string expected) => Assert.Equal([expected], Problems(Good + line + "\n"));

    [Theory]
    [InlineData("http://169.254.169.254/latest", "'http:' is a protocol; only files and folders of this machine are read")]
    [InlineData("rtsp://camera/1", "'rtsp:' is a protocol; only files and folders of this machine are read")]
    [InlineData("concat:a.mp4|b.mp4", "'concat:' is a protocol; only files and folders of this machine are read")]
    [InlineData("subfile,,start,0,end,9,,:a.mp4", "'subfile:' is a protocol; only files and folders of this machine are read")]
    [InlineData("data:text/plain;base64,eA==", "'data:' is a protocol; only files and folders of this machine are read")]
    [InlineData("pipe:0", "'pipe:' is a protocol; only files and folders of this machine are read")]
    [InlineData("tee:a.mp4", "'tee:' is a protocol; only files and folders of this machine are read")]
    [InlineData("LAVFI:testsrc", "'LAVFI:' is a protocol; only files and folders of this machine are read")]
    [InlineData("file:a.mp4", "'file:' is a protocol; only files and folders of this machine are read")]
    [InlineData("~/videos", "'~' is not expanded here; write the path out")]
    [InlineData("$HOME/videos", "variables are not expanded here; write the path out")]
    [InlineData("C:\\videos\\a.mp4", "'C:\\videos\\a.mp4' is a Windows path; write the path as this machine knows it")]
    [InlineData("-", "standard input cannot be read; name a file")]
    public void Sources_are_files_of_this_machine(string source, string expected)
    {
        var line = $"  - '{source}'";
        Assert.Equal([$"job.yaml:4:5: {expected}\n    {line}"], Problems($"model: m.onnx\noutput: out\nsources:\n{line}\n"));
    }

    [Theory]
    [InlineData("a:b.mp4")]
    [InlineData("img%03d.png")]
    [InlineData("[x]*?.mp4")]
    [InlineData("-dash.mp4")]
    [InlineData("/a/b/../c.mp4")]
    [InlineData("~tilde.mp4")]
    public void Odd_names_are_names(string source) =>
        Assert.Equal(source, Read($"model: m.onnx\noutput: out\nsources:\n  - '{source}'\n").Sources[0].Pattern);

    [Fact]
    public void Output_and_model_are_files_of_this_machine_too() =>
        Assert.Equal(
            [
                "job.yaml:1:8: 'http:' is a protocol; only files and folders of this machine are read\n    model: http://host/m.onnx",
                "job.yaml:2:9: '~' is not expanded here; write the path out\n    output: ~/out",
            ],
            Problems("model: http://host/m.onnx\noutput: ~/out\nsources: [a.mp4]\n")
        );

    [Theory]
    [InlineData(
        "- {paht: a.mp4}",
        "job.yaml:4:4: unknown key 'paht'. Did you mean 'path'?\n    - {paht: a.mp4}",
        "job.yaml:4:3: a source is a path, or a mapping with the key 'path'\n    - {paht: a.mp4}"
    )]
    [InlineData("- {path: a.mp4, konf: 1}", "job.yaml:4:17: unknown key 'konf'. Did you mean 'conf'?\n    - {path: a.mp4, konf: 1}")]
    [InlineData(
        "- {path: a.mp4, device: cpu}",
        "job.yaml:4:17: 'device' holds for the whole job; write it under 'run:', not for one source\n    - {path: a.mp4, device: cpu}"
    )]
    [InlineData(
        "- {path: a.mp4, run: {device: cpu}}",
        "job.yaml:4:17: 'run' holds for the whole job, not for one source\n    - {path: a.mp4, run: {device: cpu}}"
    )]
    [InlineData(
        "- {path: a.mp4, start: 10, end: 00:00:09}",
        "job.yaml:4:3: 'start' is not before 'end'\n    - {path: a.mp4, start: 10, end: 00:00:09}"
    )]
    [InlineData(
        "- {path: a.mp4, start: {frame: 9}, end: {frame: 9}}",
        "job.yaml:4:3: 'start' is not before 'end'\n    - {path: a.mp4, start: {frame: 9}, end: {frame: 9}}"
    )]
    [InlineData("- ''", "job.yaml:4:3: a source is a path, or a mapping with the key 'path'\n    - ''")]
    [InlineData("- [a.mp4]", "job.yaml:4:3: a source is a path, or a mapping with the key 'path'\n    - [a.mp4]")]
    public void A_mistake_in_a_source(string item, params string[] expected) =>
        Assert.Equal(expected.Order(), Problems($"model: m.onnx\noutput: out\nsources:\n{item}\n").Order());

    [Theory]
    [InlineData(
        "{sha256: ab, path: m.onnx}",
        "job.yaml:3:17: sha256: expected 64 hexadecimal digits, got 2 characters\n    model: {sha256: ab, path: m.onnx}"
    )]
    [InlineData(
        "{pth: m.onnx}",
        "job.yaml:3:8: 'path' is missing: the ONNX file to run\n    model: {pth: m.onnx}",
        "job.yaml:3:9: unknown key 'pth'. Did you mean 'path'?\n    model: {pth: m.onnx}"
    )]
    [InlineData(
        "{path: m.onnx, names: {x: y}}",
        "job.yaml:3:31: names: expected a class id from 0 to 99999, got 'x'\n    model: {path: m.onnx, names: {x: y}}"
    )]
    [InlineData(
        "{path: m.onnx, names: person}",
        "job.yaml:3:30: names: expected a list of class names, {id: name}, or coco80\n    model: {path: m.onnx, names: person}"
    )]
    [InlineData(
        "{path: m.onnx, stride: 0}",
        "job.yaml:3:31: stride: expected a whole number from 1 to 1024, got '0'.\n    model: {path: m.onnx, stride: 0}"
    )]
    [InlineData(
        "{path: m.onnx, std: [0.229, 0.224, 0.225]}",
        "job.yaml:3:28: std: expected deviations of levels of 0 to 255, these are of values of 0 to 1: multiply mean and std by 255\n"
            + "    model: {path: m.onnx, std: [0.229, 0.224, 0.225]}"
    )]
    [InlineData(
        "{path: m.onnx, mean: [1, 2]}",
        "job.yaml:3:29: mean: expected three numbers from 0 to 255 in the order of the channels, or one for all\n"
            + "    model: {path: m.onnx, mean: [1, 2]}"
    )]
    [InlineData(
        "{path: m.onnx, colors: gbr}",
        "job.yaml:3:31: colors: expected rgb, bgr, got 'gbr'. Did you mean 'bgr'?\n    model: {path: m.onnx, colors: gbr}"
    )]
    [InlineData("[m.onnx]", "job.yaml:3:8: expected a path, got a list\n    model: [m.onnx]")]
    public void A_mistake_in_the_model(string model, params string[] expected) =>
        Assert.Equal(expected, Problems($"output: out\nsources: [a.mp4]\nmodel: {model}\n"));

    [Fact]
    public void What_is_missing_is_named_with_its_meaning() =>
        Assert.Equal(
            [
                "job.yaml:1:1: 'model' is missing: the ONNX file to run\n    name: x",
                "job.yaml:1:1: 'output' is missing: the folder for the results\n    name: x",
                "job.yaml:1:1: 'sources' names no video: list files, folders or globs\n    name: x",
            ],
            Problems("name: x\n")
        );

    [Fact]
    public void Every_problem_is_told_at_once_in_the_order_of_the_lines()
    {
        var problems = Problems(
            "modell: m.onnx\ndetect:\n  conf: 2\n  iou: x\nsources:\n  - http://x/a.mp4\n  - {path: b.mp4, stride: 0}\n"
        );
        Assert.Equal(
            ["1:1", "1:1", "1:1", "3:9", "4:8", "6:5", "7:27"],
            problems.Select(problem => string.Join(':', problem.Split(':')[1..3]))
        );
    }

    [Fact]
    public void Every_duplicate_key_is_told_at_once() =>
        Assert.Equal(
            [
                "job.yaml:4:1: the key 'model' stands here a second time (first in line 1)\n    model: n.onnx",
                "job.yaml:5:21: the key 'conf' stands here a second time (first in line 5)\n    detect: {conf: 0.1, conf: 0.2, classes: [a, a]}",
            ],
            Problems(Good + "model: n.onnx\ndetect: {conf: 0.1, conf: 0.2, classes: [a, a]}\n")
        );

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Ten_thousand_nested_brackets_are_refused_and_do_not_end_the_process(char bracket)
    {
        var problems = Problems("name: " + new string(bracket, 10_000) + "\n");
        Assert.Equal(["job.yaml:1:70: nested deeper than 64 levels"], problems);
    }

    [Fact]
    public void Ten_thousand_levels_of_lists_in_block_style_are_refused() =>
        Assert.Equal(
            ["job.yaml:2:127: nested deeper than 64 levels"],
            Problems("sources:\n" + string.Concat(Enumerable.Repeat("- ", 10_000)) + "x\n")
        );

    [Fact]
    public void An_alias_bomb_is_refused_at_its_first_alias()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 10; i++)
        {
            bomb.Append($"a{i}: &a{i} [").AppendJoin(',', Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");
        }

        Assert.StartsWith("job.yaml:2:10: aliases (*a0) are not supported", Problems(bomb.ToString())[0], StringComparison.Ordinal);
    }

    /// <summary>A thousand slips of the finger: each is either still a job or told as problems, never anything else.</summary>
    [Fact]
    public void Whatever_is_typed_is_a_job_or_problems()
    {
        var random = new Random(7);
        var good =
            Good
            + "detect: {conf: 0.3, classes: [person, 7], imgsz: [384, 640]}\ntrack:\n  lost_seconds: 1.5\nstart: {frame: 5}\n"
            + "sources2:\n  - {path: b.mp4, start: 00:01:30}\n  - \"c\\u0041.mp4\"\n";
        const string Letters = "[]{}:,-?&*!|>'\"%@`#\n\t \\~0a.é\u2028\0";
        for (var i = 0; i < 1000; i++)
        {
            var text = new StringBuilder(good);
            for (var slips = random.Next(1, 4); slips > 0; slips--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                    1 => text.Insert(at, Letters[random.Next(Letters.Length)]),
                    _ => text.Append(good, at, good.Length - Math.Min(at, good.Length - 1) - 1),
                };
            }

            try
            {
                Read(text.ToString());
            }
            catch (ManifestException error)
            {
                Assert.NotEmpty(error.Problems);
                Assert.DoesNotContain(error.Problems, problem => problem.Any(c => char.IsControl(c) && c != '\n'));
            }
        }
    }

    [Fact]
    public void Fifty_megabytes_are_no_manifest()
    {
        var path = Path.Combine(_folder.Path, "big.yaml");
        using (var file = File.Create(path))
        {
            file.SetLength(50 << 20);
        }

        var error = Assert.Throws<ManifestException>(() => ManifestReader.Read(path));
        Assert.Equal($"{path}: larger than 4 MB; this is no manifest", error.Message);
    }

    [Fact]
    public void Encodings_with_a_mark_and_carriage_returns_are_read()
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            var path = Path.Combine(_folder.Path, "job.yaml");
            File.WriteAllText(path, Good.Replace("a.mp4", "é.mp4", StringComparison.Ordinal).ReplaceLineEndings("\r\n"), encoding);
            Assert.Equal("é.mp4", ManifestReader.Read(path).Sources[0].Pattern);
        }
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_told_so()
    {
        var path = Path.Combine(_folder.Path, "job.yaml");
        File.WriteAllBytes(path, [.. "name: caf"u8, 0xe9, (byte)'\n']);
        Assert.Equal(
            $"{path}: not UTF-8 text. Save it as UTF-8.",
            Assert.Throws<ManifestException>(() => ManifestReader.Read(path)).Message
        );
        File.WriteAllText(path, Good, new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        Assert.Equal(
            $"{path}: not UTF-8 text. Save it as UTF-8.",
            Assert.Throws<ManifestException>(() => ManifestReader.Read(path)).Message
        );
    }

    [Fact]
    public void What_is_no_manifest_at_all_is_told_by_what_it_is()
    {
        var video = _folder.Write("a.mp4");
        Assert.Equal(
            $"{_folder.Path} is a folder. Name the manifest in it, or use --source for videos.",
            Assert.Throws<ManifestException>(() => ManifestReader.Read(_folder.Path)).Message
        );
        Assert.Equal(
            $"{_folder.Path}/no.yaml does not exist (looked in {_folder.Path}).",
            Assert.Throws<ManifestException>(() => ManifestReader.Read(_folder.Path + "/no.yaml")).Message
        );
        Assert.Equal(
            $"{video} is a video or picture, not a manifest. Use --source {video} --model FILE --out DIR.",
            Assert.Throws<ManifestException>(() => ManifestReader.Read(video)).Message
        );
    }

    private JobManifest Read(string yaml) => ManifestReader.Read(_folder.Write("job.yaml", yaml));

    private string[] Problems(string yaml)
    {
        var error = Assert.Throws<ManifestException>(() => Read(yaml));
        return [.. error.Problems.Select(problem => problem.Replace(_folder.Path + "/", "", StringComparison.Ordinal))];
    }
}
