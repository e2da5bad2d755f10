namespace FewShot.Kernel.Pages;

/// <summary>TeX's names of letters and signs, as far as the course uses them.</summary>
internal static class MathSymbols
{
    /// <summary>Names set upright.</summary>
    public static readonly Dictionary<string, string> Names = new()
    {
        ["log"] = "log",
        ["ln"] = "ln",
        ["exp"] = "exp",
        ["min"] = "min",
        ["max"] = "max",
        ["arg"] = "arg",
        ["argmin"] = "arg min",
        ["argmax"] = "arg max",
        ["lim"] = "lim",
        ["sin"] = "sin",
        ["cos"] = "cos",
        ["tanh"] = "tanh",
        ["det"] = "det",
        ["dim"] = "dim",
        ["Pr"] = "Pr",
    };

    /// <summary>Letters and other things that stand for a value.</summary>
    public static readonly Dictionary<string, string> Variables = new()
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ϵ",
        ["varepsilon"] = "ε",
        ["zeta"] = "ζ",
        ["eta"] = "η",
        ["theta"] = "θ",
        ["vartheta"] = "ϑ",
        ["iota"] = "ι",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["nu"] = "ν",
        ["xi"] = "ξ",
        ["pi"] = "π",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["upsilon"] = "υ",
        ["phi"] = "ϕ",
        ["varphi"] = "φ",
        ["chi"] = "χ",
        ["psi"] = "ψ",
        ["omega"] = "ω",
        ["Gamma"] = "Γ",
        ["Delta"] = "Δ",
        ["Theta"] = "Θ",
        ["Lambda"] = "Λ",
        ["Xi"] = "Ξ",
        ["Pi"] = "Π",
        ["Sigma"] = "Σ",
        ["Phi"] = "Φ",
        ["Psi"] = "Ψ",
        ["Omega"] = "Ω",
        ["ell"] = "ℓ",
        ["infty"] = "∞",
        ["nabla"] = "∇",
        ["partial"] = "∂",
        ["emptyset"] = "∅",
        ["top"] = "⊤",
        ["ldots"] = "…",
        ["dots"] = "…",
        ["cdots"] = "⋯",
        ["vdots"] = "⋮",
    };

    /// <summary>Operators, relations and brackets.</summary>
    public static readonly Dictionary<string, string> Operators = new()
    {
        ["sum"] = "∑",
        ["prod"] = "∏",
        ["int"] = "∫",
        ["cdot"] = "⋅",
        ["times"] = "×",
        ["pm"] = "±",
        ["odot"] = "⊙",
        ["oplus"] = "⊕",
        ["circ"] = "∘",
        ["ast"] = "∗",
        ["le"] = "≤",
        ["leq"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["approx"] = "≈",
        ["sim"] = "∼",
        ["propto"] = "∝",
        ["equiv"] = "≡",
        ["ll"] = "≪",
        ["gg"] = "≫",
        ["in"] = "∈",
        ["notin"] = "∉",
        ["subset"] = "⊂",
        ["subseteq"] = "⊆",
        ["cup"] = "∪",
        ["cap"] = "∩",
        ["setminus"] = "∖",
        ["to"] = "→",
        ["rightarrow"] = "→",
        ["leftarrow"] = "←",
        ["gets"] = "←",
        ["mapsto"] = "↦",
        ["Rightarrow"] = "⇒",
        ["Leftrightarrow"] = "⇔",
        ["mid"] = "∣",
        ["forall"] = "∀",
        ["exists"] = "∃",
        ["langle"] = "⟨",
        ["rangle"] = "⟩",
        ["lVert"] = "‖",
        ["rVert"] = "‖",
        ["Vert"] = "‖",
        ["|"] = "‖",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["vert"] = "|",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["{"] = "{",
        ["}"] = "}",
    };

    /// <summary>Script capitals: the first of the block, and those that stand elsewhere.</summary>
    public static readonly (int Start, Dictionary<char, string> Others) Script = (0x1D49C, new()
    {
        ['B'] = "ℬ",
        ['E'] = "ℰ",
        ['F'] = "ℱ",
        ['H'] = "ℋ",
        ['I'] = "ℐ",
        ['L'] = "ℒ",
        ['M'] = "ℳ",
        ['R'] = "ℛ",
    });

    /// <summary>Double-struck capitals.</summary>
    public static readonly (int Start, Dictionary<char, string> Others) DoubleStruck = (0x1D538, new()
    {
        ['C'] = "ℂ",
        ['H'] = "ℍ",
        ['N'] = "ℕ",
        ['P'] = "ℙ",
        ['Q'] = "ℚ",
        ['R'] = "ℝ",
        ['Z'] = "ℤ",
    });

    /// <summary>Capitals in another alphabet; other characters stay.</summary>
    public static string Letters(string text, (int Start, Dictionary<char, string> Others) alphabet) => string.Concat(text.Select(letter =>
        alphabet.Others.TryGetValue(letter, out var other) ? other
        : char.IsAsciiLetterUpper(letter) ? char.ConvertFromUtf32(alphabet.Start + letter - 'A')
        : System.Net.WebUtility.HtmlEncode(letter.ToString())));
}
