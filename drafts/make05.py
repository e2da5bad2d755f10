import json, hashlib, os
root='/tmp/w/heads/notebooks/'
META={"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},"language_info":{"name":"C#","file_extension":".cs","mimetype":"text/x-csharp","pygments_lexer":"csharp","version":"13.0"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"name":"csharp"}]}}}
def cell(kind, text, tags=None, n=[0]):
    text=text.strip('\n'); n[0]+=1
    c={"cell_type":kind,"id":hashlib.sha256(f"05 {n[0]} {text}".encode()).hexdigest()[:8]}
    lines=text.split('\n')
    src=[l+'\n' for l in lines[:-1]]+[lines[-1]]
    if kind=='code':
        m={"dotnet_interactive":{"language":"csharp"},"polyglot_notebook":{"kernelName":"csharp"}}
        if tags: m["tags"]=tags
        c.update({"execution_count":None,"metadata":m,"outputs":[],"source":src})
        c={k:c[k] for k in ["cell_type","execution_count","id","metadata","outputs","source"]}
    else:
        c.update({"metadata":{},"source":src})
    return c
md=lambda t: cell('markdown',t)
code=lambda t,tags=None: cell('code',t,tags)
main=[
md('''# 05 · Episodes and baselines: what a frozen network can do

**What you will learn.** Way, shot and query on photographs. The simplest method of the field,
nearest centroid, written out in a few lines, and how well it does. Why a figure over episodes needs
an interval. What changes when the features are scaled first. Ridge, cosine and logistic regression
on the very same episodes, and methods that look at all queries at once. Which of them to use.

**What you need.** [01 · Transfer learning](01-transfer-learning.ipynb) for frozen features,
[04 · MAML on Omniglot](04-maml-omniglot.ipynb) for episodes. About a minute on two CPU cores
(quick profile).'''),
code('''var quick = CourseProfiles.Current == CourseProfile.Quick;
var material = await CourseMaterial.OpenAsync();
var perClass = Math.Min(quick ? 100 : 600,
    material.Test.LabelValues.CountBy(label => label).Min(entry => entry.Value));
var set = material.Test.Select(Subset.First(material.Test, perClass));
Console.WriteLine(material);
Console.WriteLine($"episodes are drawn from {set.Count:N0} images of {set.ClassNames.Count} classes");'''),
md('''## What is in an episode?

**Way** is the number of classes, **shot** the number of labelled images of each: together they are
the **support**, all that there is to learn from. The **queries** are other images of the same
classes. Labels count from 0 in every episode anew; they mean nothing outside it.'''),
code('''var form = new EpisodeOptions(Way: 5, Shot: 1, Query: 2);
var episode = new EpisodeSampler(set, form, seed: 3).Next();
EpisodeImage[] shown = [.. episode.Support.OrderBy(image => image.Label),
    .. episode.Query.OrderBy(image => image.Label)];
var positions = torch.tensor(shown.Select(image => (long)image.Position).ToArray());
string Caption(EpisodeImage image, int i) =>
    $"{(i < form.Way ? "support" : "query")}\\nlabel {image.Label}";
ImageGrid.Html(set.Images.index_select(0, positions), [.. shown.Select(Caption)], columns: 5,
    scale: 2, title: $"One episode of {form.Way} ways and {form.Shot} shot ({material.Source})")''',['third-party-images']),
md('''## What does the network make of an image?

A vector of numbers, its **features**. The network is frozen: nothing in it will change from here
on, so each image passes it once, whatever the number of episodes it appears in.'''),
code('''var scaled = material.Preprocessing with { Size = quick ? 64 : 128 };
var bank = FeatureBank.Extract(material.Backbone, set, scaled,
    new FeatureBankOptions { Mirrored = true });
Console.WriteLine(bank);'''),
md('''## How does nearest centroid work?

The mean of the support features of a class is its **centroid** (with one shot, the image itself).
A query belongs to the class whose centroid is nearest. There is nothing to train.'''),
code('''torch.Tensor Rows(IReadOnlyList<EpisodeImage> part) => bank.Features.index_select(0,
    torch.tensor(part.Select(image => (long)image.Position).ToArray()));
torch.Tensor Labels(IReadOnlyList<EpisodeImage> part) =>
    torch.tensor(part.Select(image => (long)image.Label).ToArray());

var (support, query) = (Rows(episode.Support), Rows(episode.Query));
var centroids = torch.stack([.. Enumerable.Range(0, form.Way).Select(label =>
    support[Labels(episode.Support).eq(label)].mean([0]))]);
var distances = torch.cdist(query, centroids);          // queries x ways
var answers = distances.argmin(1);
var right = answers.eq(Labels(episode.Query)).sum().item<long>();
Console.WriteLine($"{right} of {answers.numel()} queries right; guessing gets "
    + $"{answers.numel() / form.Way}");'''),
md('''The library's head says the same, for as many episodes at once as you like.'''),
code('''var byHand = distances.square().neg();
using var both = new FeatureMethod(new EpisodeCentroid(), bank).Scores([episode]);
var apart = (both[0] - byHand).abs().max().item<float>() / byHand.abs().max().item<float>();
Console.WriteLine(apart < 1e-4 ? "the same distances: passed" : $"FAILED: {apart}");'''),
md('''## How sure is a figure over episodes?

One episode may be easy, the next one hopeless. So many are drawn, once, into a **frozen list**, and
the accuracy is a mean over episodes, with its interval. `Evaluator` looks for leaks before it gives
a figure.'''),
code('''var history = new MethodHistory { TrainedElsewhere = "photographs, by the network's makers" };
TrialResult Judge(IEpisodeHead head, int shot, int count)
{
    var drawn = EpisodeList.Draw(set, new EpisodeOptions(5, shot, Query: 15), count, seed: 5);
    return new Evaluator(drawn, set).Run(new FeatureMethod(head, bank), history);
}
foreach (var episodes in new[] { 20, 100, quick ? 400 : 2000 })
    Console.WriteLine($"{episodes,5} episodes: {Judge(new EpisodeCentroid(), 1, episodes).Accuracy}");'''),
md('''The width of the interval falls with the root of the number of episodes: four times as many
halve it. Two methods are compared on the *same* list, where most of the luck is common to both.

## Does it matter how features are scaled?

Wang and others found that it does (*SimpleShot*): **L2N** gives each vector length one, **CL2N**
takes a mean away first. A square root before both weakens the few features that are very large.'''),
code('''var root = EpisodeTransform.L2N with { Power = 0.5 };
EpisodeTransform[] transforms = [new(), EpisodeTransform.L2N, EpisodeTransform.CL2N, root];
var count = quick ? 200 : 2000;
HtmlTable.Of(["features", "1 shot", "5 shots"], transforms.Select(transform =>
{
    var head = new EpisodeCentroid(new() { Transform = transform });
    var name = transform.ToString() is { Length: > 0 } text ? text : "as they are";
    return new object[] { name, Judge(head, 1, count).Accuracy, Judge(head, 5, count).Accuracy };
}), $"Nearest centroid, {count} episodes ({material.Source})")'''),
md('''## What do other heads add?

All stand on the same features and answer the same episodes:

- **ridge**: a linear regression to the labels, solved in closed form (*R2-D2*);
- **cosine**: one unit vector for each class, trained on the support (*Baseline++*);
- **logistic regression**, to its minimum (as in *Rethinking Few-Shot Image Classification*).

With one shot a linear head has little to add. With five it can weigh features.'''),
code('''IEpisodeHead[] heads =
[
    new EpisodeCentroid(new() { Transform = root }),
    new EpisodeRidge(new() { Strength = 0.1, Transform = root }),
    new EpisodeCosine(transform: root),
    new EpisodeLogistic(new() { C = 10, Transform = root }),
];
var judged = heads.Select(head =>
    (head.Name, One: Judge(head, 1, count), Five: Judge(head, 5, count))).ToArray();
HtmlTable.Of(["head", "1 shot", "5 shots", "ms an episode"], judged.Select(row => new object[]
    { row.Name, row.One.Accuracy, row.Five.Accuracy,
      $"{1000 * row.Five.SecondsPerEpisode:0.0}" }),
    $"{count} episodes ({material.Source})")'''),
code('''foreach (var row in judged.Skip(1))
    Console.WriteLine(new PairedTrials(row.Five, judged[0].Five));'''),
md('''## May a method look at all queries at once?

A **transductive** one does: the queries of an episode, taken together, show where the classes lie.
It solves an easier problem, and must say so. *Label propagation* lets labels flow between
neighbours; *PT-MAP* deals as many queries to each class, which here happens to be true, and in
practice seldom is ([07](07-evaluating-honestly.ipynb) shows the difference).'''),
code('''IEpisodeHead[] together = [new LabelPropagation(new() { Transform = root }), new PtMap()];
HtmlTable.Of(["head", "1 shot", "5 shots"], together.Select(head => new object[]
    { head.Name, Judge(head, 1, count).Accuracy, Judge(head, 5, count).Accuracy }),
    $"TRANSDUCTIVE, as many queries of each class, {count} episodes ({material.Source})")'''),
md('''## Which method should I use?

| you have | use | because |
|---|---|---|
| one image of each class | nearest centroid on scaled features | nothing to train, nothing to choose |
| five or more | logistic regression or ridge on scaled features | they weigh features against each other |
| classes that come and go | nearest centroid | a class is one vector: add it, take it away |
| all queries at hand, in equal numbers | a transductive head, named so | the queries show where classes lie |
| all queries at hand, in unknown numbers | none that supposes equal numbers | it would deal them out wrongly |
| hundreds of images of each class | fine-tuning ([03](03-cifar10-subset.ipynb)) | the features themselves can learn |

Choose settings on validation classes, never on those that judge.

## Exercises

1. **More ways.** Judge nearest centroid with ten ways in place of five. What happens to the
   accuracy, and what to the accuracy of guessing?
2. **More shots.** How many shots does nearest centroid need until logistic regression is clearly
   better than it?

(Solutions: [solutions/05-episodes-and-baselines](solutions/05-episodes-and-baselines.ipynb).)'''),
code('''var ways = 5;   // your change
var wide = EpisodeList.Draw(set, new EpisodeOptions(ways, Shot: 1, Query: 15), 100, seed: 6);
var centroid = new FeatureMethod(new EpisodeCentroid(new() { Transform = root }), bank);
Console.WriteLine($"{wide.Options}: {new Evaluator(wide, set).Run(centroid, history).Accuracy}; "
    + $"guessing {100.0 / ways:0} %");'''),
md('''## What have we learned?

- An episode has a way, a shot and queries; a frozen list of many makes methods comparable.
- Nearest centroid on frozen features is a few lines, and hard to beat with one shot.
- How features are scaled matters as much as which head stands on them.
- A difference counts where it is clear on the same episodes.
- Transductive methods solve another problem, and belong in another table.

**Sources.** J. Snell and others, *Prototypical Networks for Few-shot Learning*, NeurIPS 2017.
Y. Wang and others, *SimpleShot*, 2019. W.-Y. Chen and others, *A Closer Look at Few-shot
Classification*, ICLR 2019. L. Bertinetto and others, *Meta-learning with Differentiable Closed-form
Solvers*, ICLR 2019. Y. Tian and others, *Rethinking Few-Shot Image Classification*, ECCV 2020.
Y. Hu and others, *Leveraging the Feature Distribution in Transfer-based Few-Shot Learning*, 2021.

**Previous:** [04 · MAML on Omniglot](04-maml-omniglot.ipynb) ·
**First:** [00 · Setup check](00-setup-check.ipynb)'''),
]
sol=[
md('''# Solutions · 05 · Episodes and baselines

Back to the notebook: [05 · Episodes and baselines](../05-episodes-and-baselines.ipynb)'''),
code('''var material = await CourseMaterial.OpenAsync();
var set = material.Test.Select(Subset.First(material.Test, perClass: 60));
var bank = FeatureBank.Extract(material.Backbone, set, material.Preprocessing with { Size = 64 });
var history = new MethodHistory { TrainedElsewhere = "photographs, by the network's makers" };
var root = EpisodeTransform.L2N with { Power = 0.5 };
TrialResult Judge(IEpisodeHead head, int way, int shot)
{
    var list = EpisodeList.Draw(set, new EpisodeOptions(way, shot, Query: 15), 100, seed: 6);
    return new Evaluator(list, set).Run(new FeatureMethod(head, bank), history);
}
Console.WriteLine(material.Source);'''),
md('''## 1. More ways

More classes are more that a query can be taken for: the accuracy falls, and so does that of
guessing. Figures of different ways cannot be compared.'''),
code('''foreach (var way in new[] { 2, 5, 10 })
    Console.WriteLine($"{way,2} ways: {Judge(new EpisodeCentroid(new() { Transform = root }), way, 1)
        .Accuracy}; guessing {100.0 / way:0} %");'''),
md('''## 2. More shots

With one shot both see one image of each class. The more shots, the more logistic regression can
learn that the mean does not hold.'''),
code('''foreach (var shot in new[] { 1, 5, 20 })
{
    var linear = Judge(new EpisodeLogistic(new() { C = 10, Transform = root }), 5, shot);
    var centroid = Judge(new EpisodeCentroid(new() { Transform = root }), 5, shot);
    Console.WriteLine($"{shot,2} shots: {new PairedTrials(linear, centroid)}");
}'''),
]
for path, cells in [('05-episodes-and-baselines.ipynb',main),('solutions/05-episodes-and-baselines.ipynb',sol)]:
    for c in cells:
        for l in ''.join(c['source']).split('\n'):
            if len(l)>100 and not l.startswith('|'): print(path,len(l),l)
        if c['cell_type']=='code' and len(c['source'])>20: print('LONG',len(c['source']))
    with open(root+path,'w') as f:
        json.dump({"cells":cells,"metadata":META,"nbformat":4,"nbformat_minor":5},f,indent=1,ensure_ascii=False); f.write('\n')
