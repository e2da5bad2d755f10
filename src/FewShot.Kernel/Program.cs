System.Console.WriteLine(FewShot.Runtime.Torch.Describe());
