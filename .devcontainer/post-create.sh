#!/usr/bin/env bash
# Readies a fresh Debian or Ubuntu for the course: restores, builds, installs the kernel, gets JupyterLab where it can, and runs the
# doctor. May be run again at any time, as root or not. JUPYTER_DATA_DIR, Jupyter's own variable, puts the kernel elsewhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where pip and this script put programs of one person.
export PATH="$HOME/.local/bin:$PATH"
export DOTNET_NOLOGO=1

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        has sudo && sudo -n "$@"
    fi
}

# Debian's and Ubuntu's own Python takes no packages from pip, so JupyterLab gets an environment of its own.
get_jupyterlab() {
    local place="$HOME/.local/share/fewshot/jupyterlab"
    has python3 || return 1
    if python3 -m venv "$place" && "$place/bin/python" -m pip install --retries 1 --timeout 20 jupyterlab; then
        mkdir -p "$HOME/.local/bin" && ln -sfn "$place/bin/jupyter-lab" "$HOME/.local/bin/jupyter-lab"
    else
        rm -rf "$place"
        return 1
    fi
}

get_notebook() {
    as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends jupyter-notebook
}

front_end() {
    if has jupyter-lab || has jupyter-notebook; then
        return
    fi
    mkdir -p artifacts
    if get_jupyterlab >artifacts/jupyterlab.log 2>&1; then
        echo "JupyterLab is installed. Start it with: jupyter-lab"
    elif get_notebook >artifacts/jupyter-notebook.log 2>&1; then
        echo "JupyterLab could not be installed (artifacts/jupyterlab.log says why), the classic Notebook was. Start it with: jupyter-notebook"
    else
        echo "Neither JupyterLab nor the classic Notebook could be installed (the logs in artifacts say why). VS Code and the command run need neither."
    fi
}

if ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download and run this again." >&2
    exit 1
fi

fewshot() { dotnet run --no-build -c Release --project src/FewShot.Kernel -- "$@"; }

dotnet restore FewShot.sln
dotnet build --no-restore -c Release src/FewShot.Kernel
fewshot install
front_end
fewshot doctor
