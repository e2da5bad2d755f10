using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(FewShot.Kernel.Tests.RunsFirst))]

namespace FewShot.Kernel.Tests;

/// <summary>
/// Runs of notebooks come first. Each ends in a full collection of the memory, which takes seconds once other tests have left some two
/// gigabytes behind: what scripts and F# load into a process stays there.
/// </summary>
public sealed class RunsFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(each => each.TestCollectionDisplayName.Contains(".Run.", StringComparison.Ordinal))];
}
