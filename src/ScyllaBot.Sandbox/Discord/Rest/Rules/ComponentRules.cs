namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>Message components, old style and V2 (docs: Component Reference). One instance checks one message.</summary>
internal sealed class ComponentRules(FormErrors errors, bool v2)
{
    public const int Row = 1;
    public const int Button = 2;
    public const int StringSelect = 3;
    public const int TextInput = 4;
    public const int Section = 9;
    public const int TextDisplay = 10;
    public const int Thumbnail = 11;
    public const int Gallery = 12;
    public const int File = 13;
    public const int Separator = 14;
    public const int Container = 17;
    public const int Label = 18;

    private const int MaxComponents = 40;

    private const int MaxText = 4_000;

    private static readonly long[] Selects = [3, 5, 6, 7, 8];

    private static readonly long[] InRow = [Button, .. Selects];

    private static readonly long[] InContainer = [Row, Section, TextDisplay, Gallery, File, Separator];

    private static readonly long[] TopOfV2 = [.. InContainer, Container];

    private readonly HashSet<string> _customIds = new(StringComparer.Ordinal);

    private readonly HashSet<long> _ids = [];

    private int _count;

    private int _text;

    public void CheckMessage(Form message)
    {
        foreach (var component in message.Maps("components", v2 ? MaxComponents : 5))
        {
            Check(component, v2 ? TopOfV2 : [Row]);
        }

        if (v2 && _count > MaxComponents)
        {
            message.Refuse(
                "components",
                "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                $"The total number of components cannot exceed {MaxComponents}"
            );
        }

        if (_text > MaxText)
        {
            message.Refuse(
                "components",
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                $"Displayable text size exceeds maximum size of {MaxText}"
            );
        }
    }

    private void Check(Form component, long[] allowed)
    {
        _count++;
        if (component.Choice("type", allowed, required: true) is not { } type)
        {
            return;
        }

        if (component.Whole("id", 0, int.MaxValue) is { } id and not 0 && !_ids.Add(id))
        {
            component.Refuse("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated");
        }

        switch (type)
        {
            case Row:
                CheckRow(component);
                break;
            case Button:
                CheckButton(component);
                break;
            case Section:
                CheckSection(component);
                break;
            case TextDisplay:
                _text += component.Text("content", MaxText, 1, required: true)?.Length ?? 0;
                break;
            case Thumbnail:
                CheckMedia(component, "media");
                break;
            case File:
                CheckMedia(component, "file");
                break;
            case Gallery:
                component.Maps("items", 10, 1, required: true).ToList().ForEach(item => CheckMedia(item, "media"));
                break;
            case Separator:
                component.Truth("divider");
                component.Choice("spacing", [1, 2]);
                break;
            case Container:
                CheckContainer(component);
                break;
            default:
                new SelectRules(component).Check(type);
                CheckCustomId(component);
                break;
        }
    }

    private void CheckRow(Form row)
    {
        var children = row.Maps("components", 5, 1, required: true);
        foreach (var child in children)
        {
            Check(child, InRow);
        }

        if (children.Count > 1 && children.Any(child => Selects.Contains(child.Body.Whole("type") ?? 0)))
        {
            row.Refuse("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width");
        }
    }

    private void CheckContainer(Form container)
    {
        container.Whole("accent_color", 0, 0xFFFFFF);
        container.Truth("spoiler");
        foreach (var child in container.Maps("components", MaxComponents, 1, required: true))
        {
            Check(child, InContainer);
        }
    }

    private void CheckSection(Form section)
    {
        foreach (var text in section.Maps("components", 3, 1, required: true))
        {
            Check(text, [TextDisplay]);
        }

        if (section.Map("accessory", required: true) is { } accessory)
        {
            Check(accessory, [Button, Thumbnail]);
        }
    }

    private static void CheckMedia(Form component, string key)
    {
        component.Text("description", 1024);
        component.Truth("spoiler");
        component.Map(key, required: true)?.Link("url", attachments: true, required: true);
    }

    private void CheckButton(Form button)
    {
        var style = button.Choice("style", [1, 2, 3, 4, 5, 6], required: true);
        button.Text("label", 80);
        button.Truth("disabled");
        if (style == 5)
        {
            button.Link("url", 512, required: true);
            if (button.Body["custom_id"] is not null)
            {
                button.Refuse(
                    "custom_id",
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified"
                );
            }
        }
        else if (style is not (null or 6))
        {
            CheckCustomId(button);
        }

        if (style is not (null or 6) && button.Body["label"] is null && button.Body["emoji"] is null)
        {
            button.Required("label");
        }
    }

    private void CheckCustomId(Form component)
    {
        if (component.Text("custom_id", 100, 1, required: true) is { Length: > 0 } id && !_customIds.Add(id))
        {
            errors.Add(component.Path + ".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
        }
    }
}
