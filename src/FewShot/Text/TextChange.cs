namespace FewShot.Text;

/// <summary>One way to vary a text (Wei and Zou 2019, "EDA: Easy Data Augmentation Techniques", section 2).</summary>
public enum TextChange
{
    /// <summary>Some words that carry meaning become near words.</summary>
    Replace,

    /// <summary>Near words of some of its words are put in anywhere.</summary>
    Insert,

    /// <summary>Some pairs of words change places.</summary>
    Swap,

    /// <summary>Each word is left out with some probability; one always stays.</summary>
    Delete,
}
