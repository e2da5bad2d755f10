"""Jupyter's own tests of kernels (jupyter_kernel_test) for the course's kernel.

usage: kernel_tests.py
"""

import unittest

import jupyter_kernel_test
from jupyter_kernel_test import TIMEOUT


class CourseKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.Write("hello, world");'
    code_stderr = 'Console.Error.Write("oh");'
    completion_samples = [
        {"text": "Math.Sqr", "matches": {"Sqrt"}},
        {"text": '"text".Substr', "matches": {"Substring"}},
    ]
    complete_code_samples = [
        "1 + 1",
        "var a = 1;\nvoid Go()\n{\n}",
        "#!markdown\n# A title (unfinished, {and",
        "#!time\n1",
        "using var stream = new MemoryStream();",
        "namespace Some.Where;\nclass Thing { }",
    ]
    incomplete_code_samples = ["foreach (var i in new[] { 1 })\n{", "Console.WriteLine(", "#!fsharp\nlet f x ="]
    invalid_code_samples = ["var x = ) + ;", "#!time\nint 5 = x;"]
    code_generate_error = 'throw new Exception("no");'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"some" + " text"', "result": "some text"},
        {"code": "return 5;", "result": "5"},
        {"code": "(1, 2)"},
        {"code": "new[] { 1, 2 }"},
    ]
    code_display_data = [
        {"code": 'HTML("<b>bold</b>").Display();', "mime": "text/html"},
        {"code": "display((1, 2));", "mime": "text/plain"},
        {"code": "#!markdown\n# A title", "mime": "text/markdown"},
    ]
    code_history_pattern = "1*2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.Sqrt"

    def test_every_value_has_a_text(self):
        for code in ("(1, 2)", "new[] { (1, 2) }", "new Dictionary<string, int> { [\"a\"] = 1 }", "new { Way = 5 }", "DateTime.Now"):
            with self.subTest(code=code):
                self.flush_channels()
                _, messages = self.execute_helper(code)
                data = next(message["content"]["data"] for message in messages if message["msg_type"] == "execute_result")
                self.assertTrue(data["text/plain"].strip())

    def test_a_new_listener_is_welcome(self):
        self.flush_channels()
        client = self.km.client()
        client.start_channels(shell=False, stdin=False, hb=False, control=False)
        try:
            welcome = client.get_iopub_msg(timeout=TIMEOUT)
            self.assertEqual((welcome["msg_type"], welcome["content"]["subscription"]), ("iopub_welcome", ""))
            # The tests before and after this one know no such message: the one for all that listen is taken here.
            self.assertEqual(self.kc.get_iopub_msg(timeout=TIMEOUT)["msg_type"], "iopub_welcome")
        finally:
            client.stop_channels()

    def test_what_another_program_writes_is_the_cells(self):
        self.flush_channels()
        _, messages = self.execute_helper('System.Diagnostics.Process.Start("echo", "from afar").WaitForExit();')
        self.assertEqual("".join(message["content"]["text"] for message in messages), "from afar\n")


if __name__ == "__main__":
    unittest.main()
