using FewShot.Data;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public class SampleFolderTests
{
    [Fact]
    public void Should_HoldEveryImageInSeveralSizes_When_Written()
    {
        var (train, test) = Shapes.TenClassProblem(trainPerClass: 6, testPerClass: 1);
        var parent = Directory.CreateTempSubdirectory("fewshot-sample-folder-");
        try
        {
            using (train)
            using (test)
            {
                var root = SampleFolder.Write(train, perClass: 5, Path.Combine(parent.FullName, "images"));
                using var images = ImageFolder.Load(root, new ImageFolderOptions { Size = 32 });
                Assert.Equal(50, images.Count);
                Assert.All(images.LabelValues.CountBy(label => label), label => Assert.Equal(5, label.Value));
                Assert.Single(Directory.EnumerateDirectories(parent.FullName));
            }
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }
}
