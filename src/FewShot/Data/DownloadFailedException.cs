namespace FewShot.Data;

/// <summary>A file cannot be had from an address, for a reason that lies there or on the way.</summary>
/// <param name="cause">The rest of a sentence: "www.example.org answers 404 (Not Found)".</param>
/// <param name="mayPass">True when the same request may well succeed a moment later.</param>
/// <param name="inner">What caused it.</param>
internal sealed class DownloadFailedException(string cause, bool mayPass = false, Exception? inner = null) : Exception(cause, inner)
{
    public bool MayPass => mayPass;
}
