using System.ComponentModel;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FewShot.Kernel.Packages;

/// <summary>
/// Packages made for .NET notebooks bring a class that implements <c>IKernelExtension</c> of Microsoft.DotNet.Interactive, which their
/// kernel calls when it loads the package: to register formatters, for the most part. It is known by its name here, so that the course
/// needs nothing of that package; what an extension adds to the kernel that it is given, such as words of <c>#!</c>, has no effect.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KernelExtensions
{
    private const string Namespace = "Microsoft.DotNet.Interactive", Name = "IKernelExtension", Method = "OnLoadAsync";

    /// <summary>C# that calls the extensions of a package; null where it has none.</summary>
    /// <param name="package">The package's name.</param>
    /// <param name="path">An assembly of it.</param>
    internal static string? Call(string package, string path)
    {
        var types = Find(path).ToList();
        return types.Count == 0
            ? null
            : $"global::{typeof(KernelExtensions).FullName}.{nameof(Load)}(\"{package}\", {string.Join(", ", types.Select(TypeOf))});";

        // The compiler's loader then loads it, and with it the same assemblies that the code of cells uses.
        static string TypeOf(string type) => $"typeof(global::@{type.Replace(".", ".@", StringComparison.Ordinal)})";
    }

    /// <summary>Calls extensions. One that fails says so in a line, and the cell goes on.</summary>
    /// <param name="package">The package that they are of.</param>
    /// <param name="extensions">Their types.</param>
    public static void Load(string package, params Type[] extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        foreach (var type in extensions)
        {
            try
            {
                var call = type.GetInterface($"{Namespace}.{Name}")?.GetMethod(Method);
                if (call?.Invoke(Activator.CreateInstance(type), [Kernel(call.DeclaringType!)]) is Task loading)
                    loading.GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ThreadInterruptedException))
            {
                var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
                var told = $"{package}: its extension {type.Name} for notebooks does not load, and the package is used without it: ";
                Console.Error.WriteLine(told + cause.Message);
            }
        }
    }

    /// <summary>An empty kernel, where one can be made; extensions that only register formatters do not look at it.</summary>
    private static object? Kernel(Type contract)
    {
        try
        {
            return contract.Assembly.GetType($"{Namespace}.CompositeKernel") is { } type ? Activator.CreateInstance(type) : null;
        }
        catch (Exception e) when (e is TargetInvocationException or MemberAccessException or TypeLoadException or FileNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Find(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            yield break;
        var reader = file.GetMetadataReader();
        var contracts = reader.TypeReferences.Where(handle => IsContract(reader.GetTypeReference(handle)))
            .Select(handle => (EntityHandle)handle).ToHashSet();
        if (contracts.Count == 0)
            yield break;
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            var isUsable = (type.Attributes & (TypeAttributes.VisibilityMask | TypeAttributes.Abstract)) == TypeAttributes.Public
                && type.GetGenericParameters().Count == 0;
            var interfaces = type.GetInterfaceImplementations().Select(own => reader.GetInterfaceImplementation(own).Interface);
            if (isUsable && interfaces.Any(contracts.Contains))
                yield return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}".TrimStart('.');
        }

        bool IsContract(TypeReference type) =>
            reader.StringComparer.Equals(type.Name, Name) && reader.StringComparer.Equals(type.Namespace, Namespace);
    }
}
