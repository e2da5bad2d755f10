using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using FewShot.Runtime;
using Polly;
using Polly.Retry;

namespace FewShot.Data;

/// <summary>
/// Fetches one file of known length and digest. What has come is kept, so that a broken download goes on where it stopped; never
/// more than the known length is taken, and nothing is called good before its digest is.
/// </summary>
internal sealed class Downloader(DownloadOptions options)
{
    private const int ChunkBytes = 128 * 1024;

    // Bytes between two reports of progress: the largest file gives some 170 reports.
    private const long ReportEvery = 1_000_000;

    /// <summary>Completes <paramref name="part"/>, trying the addresses in order.</summary>
    /// <param name="entry">What it must be.</param>
    /// <param name="addresses">Where it is to be had.</param>
    /// <param name="part">What has come so far, or empty; open for reading and writing, without a buffer.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellation">Stops; what has come stays in <paramref name="part"/>.</param>
    /// <exception cref="DownloadFailedException">No address gave it.</exception>
    public async Task DownloadAsync(
        ManifestEntry entry,
        IReadOnlyList<Uri> addresses,
        FileStream part,
        IProgress<StepProgress> progress,
        CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = options.ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("FewShot", null));
        var retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DownloadFailedException>(e => e.MayPass),
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
        }).Build();

        var causes = new List<DownloadFailedException>();
        foreach (var address in addresses)
        {
            try
            {
                await retry.ExecuteAsync(async token => await TryOnceAsync(client, entry, address, part, progress, token), cancellation);
                return;
            }
            catch (DownloadFailedException e)
            {
                causes.Add(e);
            }
        }

        throw new DownloadFailedException(string.Join("; ", causes.Select(cause => cause.Message)), inner: causes[0]);
    }

    private async Task TryOnceAsync(
        HttpClient client,
        ManifestEntry entry,
        Uri address,
        FileStream part,
        IProgress<StepProgress> progress,
        CancellationToken cancellation)
    {
        if (part.Length > entry.Bytes)
            part.SetLength(0);
        var resumed = part.Length > 0;
        if (part.Length < entry.Bytes)
            resumed = await FetchAsync(client, entry, address, part, progress, cancellation);
        if (await WrongDigestAsync(entry, part, cancellation) is { } wrong)
        {
            part.SetLength(0);
            // Bytes that were kept from an earlier try may be to blame: then one more try fetches the file from its start.
            throw new DownloadFailedException(
                $"the file from {address.Host} has the {wrong}: it is damaged or another file, and was removed", mayPass: resumed);
        }
    }

    /// <returns>True when what was kept from an earlier try is part of the file.</returns>
    private async Task<bool> FetchAsync(
        HttpClient client,
        ManifestEntry entry,
        Uri address,
        FileStream part,
        IProgress<StepProgress> progress,
        CancellationToken cancellation)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(options.NoProgressTimeout);
        var answered = false;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (part.Length > 0)
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, quiet.Token);
            answered = true;
            var resumed = Begin(entry, address, part, response);
            await CopyAsync(entry, address, response.Content, part, progress, quiet);
            return resumed;
        }
        catch (HttpRequestException e)
        {
            var noConnection = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            throw noConnection
                ? new DownloadFailedException($"there is no connection to {address.Host} ({e.Message})", inner: e)
                : new DownloadFailedException($"{address.Host} did not answer properly ({e.Message})", mayPass: true, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            if (answered)
                throw Broken(entry, address, part, $"{address.Host} sent nothing for {options.NoProgressTimeout.TotalSeconds:0.#} s", e);
            var waited = quiet.IsCancellationRequested ? options.NoProgressTimeout : options.ConnectTimeout;
            throw new DownloadFailedException($"{address.Host} did not answer within {waited.TotalSeconds:0.#} s", inner: e);
        }
    }

    private static DownloadFailedException Broken(ManifestEntry entry, Uri address, FileStream part, string what, Exception inner) =>
        new(
            $"{what} after {part.Length:N0} of {entry.Bytes:N0} bytes (they are kept: the next try goes on from there)",
            mayPass: true,
            inner);

    /// <summary>Judges the answer and brings <paramref name="part"/> to where its content belongs.</summary>
    /// <returns>True when it goes on after what is there.</returns>
    private static bool Begin(ManifestEntry entry, Uri address, FileStream part, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != part.Length))
        {
            part.SetLength(0);
            throw new DownloadFailedException($"{address.Host} could not go on after what was kept", mayPass: true);
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            var busy = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                || (int)response.StatusCode >= 500;
            throw new DownloadFailedException(
                $"{address.Host} answers {(int)response.StatusCode} ({response.ReasonPhrase}) for {address.AbsolutePath}", busy);
        }

        // A server that knows no ranges sends the whole file again.
        if (response.StatusCode == HttpStatusCode.OK)
            part.SetLength(0);
        if (response.Content.Headers.ContentLength is { } length && part.Length + length != entry.Bytes)
        {
            throw new DownloadFailedException(
                $"{address.Host} offers {part.Length + length:N0} bytes where {entry.Bytes:N0} are listed: it is another file");
        }

        part.Position = part.Length;
        return part.Length > 0;
    }

    private async Task CopyAsync(
        ManifestEntry entry,
        Uri address,
        HttpContent content,
        FileStream part,
        IProgress<StepProgress> progress,
        CancellationTokenSource quiet)
    {
        await using var body = await content.ReadAsStreamAsync(quiet.Token);
        var chunk = new byte[ChunkBytes];
        var reportAt = part.Length;
        while (await ReadAsync() is > 0 and var read)
        {
            quiet.CancelAfter(options.NoProgressTimeout);
            if (part.Length + read > entry.Bytes)
            {
                part.SetLength(0);
                throw new DownloadFailedException(
                    $"{address.Host} sends more than the {entry.Bytes:N0} bytes that are listed: it is another file");
            }

            await part.WriteAsync(chunk.AsMemory(0, read), quiet.Token);
            if (part.Length >= reportAt || part.Length == entry.Bytes)
            {
                reportAt = part.Length + ReportEvery;
                progress.Report(new StepProgress($"download of {entry.Title}", part.Length, entry.Bytes, address.Host));
            }
        }

        if (part.Length < entry.Bytes)
            throw Broken(entry, address, part, $"{address.Host} stopped", new EndOfStreamException());

        async ValueTask<int> ReadAsync()
        {
            try
            {
                return await body.ReadAsync(chunk, quiet.Token);
            }
            catch (IOException e)
            {
                throw Broken(entry, address, part, $"the connection to {address.Host} broke", e);
            }
        }
    }

    /// <returns>"SHA-256 x where y is listed", or null when every listed digest is right.</returns>
    private static async Task<string?> WrongDigestAsync(ManifestEntry entry, FileStream part, CancellationToken cancellation)
    {
        (string Name, string? Listed, Func<Stream, CancellationToken, ValueTask<byte[]>> Compute)[] digests =
        [
            ("SHA-256", entry.Sha256, SHA256.HashDataAsync),
            ("MD5", entry.Md5, MD5.HashDataAsync),
        ];
        foreach (var (name, listed, compute) in digests)
        {
            if (listed is null)
                continue;
            part.Position = 0;
            var found = Convert.ToHexStringLower(await compute(part, cancellation));
            if (found != listed)
                return $"{name} {found} where {listed} is listed";
        }

        return null;
    }
}
