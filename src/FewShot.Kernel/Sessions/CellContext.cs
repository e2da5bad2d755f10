namespace FewShot.Kernel.Sessions;

/// <summary>
/// The cell that the running code belongs to. It flows with the execution context, so that a task or thread started by a cell
/// still prints to that cell.
/// </summary>
internal sealed class CellContext(Session session, Action<CellOutput> output)
{
    private static readonly AsyncLocal<CellContext?> Ambient = new();

    public static CellContext? Current => Ambient.Value;

    public Session Session => session;

    /// <summary>Runs code as part of this cell.</summary>
    public T Run<T>(Func<T> function) => With(this, function);

    /// <summary>Hands an output to the session's caller, whose own words on the console are not the cell's.</summary>
    public void Show(CellOutput shown) => With(null, () =>
    {
        output(shown);
        return true;
    });

    private static T With<T>(CellContext? context, Func<T> function)
    {
        var before = Ambient.Value;
        Ambient.Value = context;
        try
        {
            return function();
        }
        finally
        {
            Ambient.Value = before;
        }
    }
}
