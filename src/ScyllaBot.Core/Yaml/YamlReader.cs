using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ScyllaBot.Core.Yaml;

/// <summary>Text to a tree with marks. Bounded; anchors, aliases and second documents are refused: a workflow reads well without.</summary>
internal sealed class YamlReader
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 24;
    private readonly Parser _parser;
    private readonly FileErrors _errors;
    private YamlMark _reached = YamlMark.Start;

    private YamlReader(string text, FileErrors errors) => (_parser, _errors) = (new Parser(new StringReader(text)), errors);

    /// <returns>Null when there is nothing to go on with; the errors say why.</returns>
    public static YamlMapping? Read(string text, FileErrors errors)
    {
        var root = ReadAny(text, errors);
        if (root is null or YamlMapping)
        {
            return (YamlMapping?)root;
        }

        errors.Add(root.At, "the file must be a mapping: `key: value` lines");
        return null;
    }

    /// <summary>A file whose root may be anything: one that is not ours.</summary>
    public static YamlValue? ReadAny(string text, FileErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            errors.Add(YamlMark.Start, $"longer than {MaxBytes / 1024} KiB");
            return null;
        }

        var reader = new YamlReader(text, errors);
        try
        {
            return reader.Document();
        }
        catch (YamlException broken)
        {
            errors.Add(MarkOf(broken.Start), $"not readable as YAML: {broken.Message}");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner answers some broken text with these (found by a property test), without a place.
            errors.Add(reader._reached, "not readable as YAML from here on: a bracket, quote or colon is probably missing");
        }

        if (TabIn(text) is { } line)
        {
            errors.Add(new YamlMark(line, 1), "indented with a tab: YAML wants spaces");
        }

        return null;
    }

    /// <summary>The first line that is indented with a tab; the scanner's own message about it points elsewhere.</summary>
    private static int? TabIn(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..(line.Length - line.TrimStart(" \t").Length)].Contains('\t'))
            {
                return number;
            }
        }

        return null;
    }

    private YamlValue? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _errors.Add(YamlMark.Start, "the file is empty");
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = Value(1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _errors.Add(MarkOf(second.Start), "a second document: one file holds one");
        }

        return root;
    }

    /// <returns>Null when it is not usable; an error was added.</returns>
    private YamlValue? Value(int depth)
    {
        var start = _parser.Current ?? (_parser.MoveNext() ? _parser.Current! : throw new YamlException("the text ends too early"));
        var at = _reached = MarkOf(start.Start);
        if (depth > MaxDepth)
        {
            throw new YamlException(start.Start, start.End, $"nested deeper than {MaxDepth}");
        }

        if (start is NodeEvent { Anchor.IsEmpty: false })
        {
            _errors.Add(at, "anchors are not used here: say it twice, or use a variable");
        }

        switch (start)
        {
            case AnchorAlias:
                _parser.MoveNext();
                _errors.Add(at, "aliases are not used here: say it twice, or use a variable");
                return null;
            case Scalar scalar:
                _parser.MoveNext();
                return new YamlScalar(at, TagOf(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart sequence:
                _parser.MoveNext();
                return new YamlSequence(at, TagOf(sequence), Items(depth));
            default:
                var mapping = _parser.Consume<MappingStart>();
                return new YamlMapping(at, TagOf(mapping), Pairs(depth));
        }
    }

    private ImmutableArray<YamlValue> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (Value(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return items.ToImmutable();
    }

    private ImmutableArray<YamlPair> Pairs(int depth)
    {
        var pairs = ImmutableArray.CreateBuilder<YamlPair>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(depth + 1);
            var value = Value(depth + 1);
            if (key is YamlScalar { Tag: null } name && value is not null)
            {
                pairs.Add(new YamlPair(name.At, name.Text, value));
            }
            else if (key is not null && value is not null)
            {
                _errors.Add(key.At, "a key must be a plain word");
            }
        }

        return pairs.ToImmutable();
    }

    private string? TagOf(NodeEvent node)
    {
        if (node.Tag.IsEmpty)
        {
            return null;
        }

        if (!node.Tag.IsNonSpecific && node.Tag.IsLocal)
        {
            return node.Tag.Value[1..];
        }

        _errors.Add(MarkOf(node.Start), "only tags such as !scylla-drain are used here");
        return null;
    }

    private static YamlMark MarkOf(Mark mark) => new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));
}
