# What the Makefile of every layer shares. sam runs make in a copy of the layer's folder but names the Makefile by its
# full path, so the layer and the repository are found from there; ARTIFACTS_DIR is where sam wants the layer.

SHELL := /bin/sh
LAYER := $(patsubst %/,%,$(dir $(abspath $(firstword $(MAKEFILE_LIST)))))
ROOT := $(abspath $(LAYER)/../..)
PACKAGES = $(ARTIFACTS_DIR)/python

# Any Python with pip will do: it only fetches wheels made for the Lambda runtime.
PYTHON ?= $(firstword $(wildcard $(ROOT)/.venv-sam/bin/python $(ROOT)/.venv/bin/python) python3)

# Bytecode must be made by the runtime's own Python. Without one the sources are shipped alone, and cold starts are slower.
ifeq ($(origin PYTHON313), undefined)
PYTHON313 := $(shell for python in python3.13 \
    "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
    "$${UV_PYTHON_INSTALL_DIR:-$${XDG_DATA_HOME:-$$HOME/.local/share}/uv/python}"/cpython-3.13.*/bin/python3.13 \
    "$${MISE_DATA_DIR:-$${XDG_DATA_HOME:-$$HOME/.local/share}/mise}"/installs/python/3.13*/bin/python3.13 \
    "$${ASDF_DATA_DIR:-$$HOME/.asdf}"/installs/python/3.13*/bin/python3.13; do \
    "$$python" -I -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && command -v "$$python" && break; \
    done)
endif

# Third-party packages of requirements.txt, as wheels for the Lambda runtime: Python 3.13, x86-64, glibc 2.34 or older.
define install
"$(PYTHON)" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-compile \
    --only-binary=:all: --implementation cp --python-version 3.13 \
    --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 \
    --target "$(PACKAGES)" --requirement "$(LAYER)/requirements.txt"
endef

# What no function needs of any package: tests, headers, stubs, tools, other countries' holidays. Licences and METADATA stay.
define prune
cd "$(PACKAGES)" && rm -rf bin share numpy/_core/include numpy/_core/lib numpy/random/lib numpy/f2py/src \
    onnxruntime/transformers onnxruntime/quantization onnxruntime/tools onnxruntime/datasets \
    onnxruntime/capi/libonnxruntime.so.* aws_lambda_powertools/event_handler \
    sklearn/datasets/data sklearn/datasets/images numpy/_core/_simd.* numpy/_core/_*_tests.*
cd "$(PACKAGES)" && test -d scipy || rm -rf numpy/f2py numpy/random
cd "$(PACKAGES)" && test ! -d aws_lambda_powertools || \
    find aws_lambda_powertools/utilities -mindepth 1 -maxdepth 1 ! -name __init__.py ! -name jmespath_utils -exec rm -rf '{}' +
cd "$(PACKAGES)" && test ! -d holidays || { \
    rm -rf holidays/financial holidays/deprecations holidays/ical.py holidays/generate_ics.py && \
    find holidays/countries -name '*.py' ! -name south_korea.py -delete && : > holidays/countries/__init__.py && \
    find holidays/locale -type f ! -path '*/en_US/LC_MESSAGES/KR.mo' ! -path '*/ko/LC_MESSAGES/KR.mo' -delete; }
find "$(PACKAGES)" -depth -type d '(' -name tests -o -name test ')' -exec rm -rf '{}' +
find "$(PACKAGES)" -type f '(' -name '*.pyi' -o -name '*.py[xd]' -o -name '*.px[di]' -o -name '*.tp' -o -name '*.h' \
    -o -name '*.hpp' -o -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.a' -o -name '*.proto' -o -name '*.onnx' \
    -o -name 'examples-*.json' ')' -exec rm -f '{}' +
find "$(PACKAGES)" -type f -path '*.dist-info/*' ! -name METADATA ! -path '*[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*' \
    ! -name 'NOTICE*' ! -name 'COPYING*' -exec rm -f '{}' +
"$(PYTHON)" "$(ROOT)/layers/trim_botocore.py" "$(PACKAGES)/botocore" dynamodb lambda s3 sns
endef

# Our own packages.
define copy
mkdir -p "$(PACKAGES)"
cp -R "$(LAYER)/python/." "$(PACKAGES)/"
find "$(PACKAGES)" -depth -type d -name __pycache__ -exec rm -rf '{}' +
endef

# Unchecked: nothing can be written to /opt, so no one needs to ask whether a source has changed.
define compile
test -z "$(PYTHON313)" || "$(PYTHON313)" -I -m compileall -q --invalidation-mode unchecked-hash \
    -s "$(PACKAGES)" -p /opt/python "$(PACKAGES)"
endef

# Says which Python makes the bytecode; nothing if there is none.
.PHONY: python313
python313:
	@echo "$(PYTHON313)"
