using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SegBatch.IntegrationTests.Setup;

/// <summary>A folder with the scripts under test and with programs of the test's own first in PATH.</summary>
internal sealed class Sandbox : IDisposable
{
    public Sandbox()
    {
        Directory.CreateDirectory(Programs);
        Directory.CreateDirectory(Registry);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("segbatch-setup-").FullName;

    public string Programs => Path.Combine(Root, "programs");

    /// <summary>Archives that the stand-in for npm serves.</summary>
    public string Registry => Path.Combine(Root, "registry");

    public string Cache => Path.Combine(Root, "cache");

    /// <summary>One line for each call of the stand-in for npm.</summary>
    public string[] Fetches => Lines(Path.Combine(Root, "fetches"));

    /// <summary>A checkout that holds only the named scripts.</summary>
    public string Checkout(string name, params string[] scripts)
    {
        var checkout = Path.Combine(Root, name);
        foreach (var script in scripts)
        {
            var copy = Path.Combine(checkout, script);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository(), script), copy);
        }

        return checkout;
    }

    public void Program(string path, string script)
    {
        var file = Path.Combine(Programs, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "#!/usr/bin/env bash\n" + script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>An npm that knows "npm pack" for what lies in <see cref="Registry"/>, and notes each call.</summary>
    public void ProgramNpm() =>
        Program(
            "npm",
            $"""
            echo "$*" >> '{Root}/fetches'
            sleep 0.2
            for last; do [[ $previous == --pack-destination ]] && folder=$last; previous=$last; done
            cp '{Registry}'/"${"{last%@*}"}".tgz "$folder/"
            """
        );

    /// <summary>Puts an archive of text files into the registry, all below "package/" as npm has it; returns its sha256.</summary>
    public string Publish(string package, params (string Path, string Text)[] files)
    {
        var archive = Path.Combine(Registry, package + ".tgz");
        using (var stream = new GZipStream(File.Create(archive), CompressionLevel.Fastest))
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax))
        {
            foreach (var (path, text) in files)
            {
                var entry = new PaxTarEntry(TarEntryType.RegularFile, "package/" + path);
                entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
                tar.WriteEntry(entry);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive)));
    }

    public async Task<Outcome> RunAsync(
        string program,
        string[] arguments,
        string? workingFolder = null,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = workingFolder ?? Root,
        };
        start.Environment["PATH"] = $"{Programs}:/usr/local/bin:/usr/bin:/bin";
        start.Environment["SEGBATCH_CACHE"] = Cache;
        start.Environment["SEGBATCH_GPU"] = "0";
        start.Environment.Remove("SEGBATCH_NO_BUILD");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../.."));
}

internal sealed record Outcome(int ExitCode, string Output, string Error);
