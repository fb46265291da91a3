# SPDX-License-Identifier: BSL-1.0
"""Keras layers (a class name and a configuration) as ctnn layers."""

import base64

from golden.common import Arguments, Expression, Skip, kernel, pair, per_axis, real, sides, template

ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu<0.2>",  # the function's default; the layer's is 0.3
    "elu": "elu<>",
    "selu": "selu",
    "gelu": "gelu",
    "sigmoid": "sigmoid",
    "hard_sigmoid": "hard_sigmoid",
    "tanh": "ctnn::tanh",
    "softplus": "softplus",
    "silu": "silu",
    "swish": "swish",
    "hard_silu": "hard_swish",
    "hard_swish": "hard_swish",
    "softmax": "softmax",
}

# `lambda x: keras.activations.gelu(x, approximate=True)` as Keras saves it: compiled Python, of
# which the constants and names are enough.
GELU_TANH_LAMBDA = (b")\x03NT)\x01\xda\x0bapproximate"
                    b")\x03\xda\x05keras\xda\x0bactivations\xda\x04gelu")


def activation(name):
    """The activation as a list of no or one layer; Keras' "linear" is none."""
    if name in (None, "linear"):
        return []
    if isinstance(name, dict):
        code = name.get("value", [""])[0]
        if GELU_TANH_LAMBDA in base64.b64decode(code):
            return ["gelu_tanh"]
        raise Skip("an activation that is a Python function")
    if name not in ACTIVATIONS:
        raise Skip(f"no activation {name} yet")
    return [ACTIVATIONS[name]]


def along(axis):
    """An axis without the batch."""
    if not isinstance(axis, int) or axis == 0:
        raise Skip(f"no axis {axis}")
    return axis if axis < 0 else axis - 1


def channels_first(arguments):
    return arguments.take("data_format", "channels_last") == "channels_first"


def window_options(arguments, default_strides):
    options = per_axis("stride", pair(arguments.take("strides", None) or default_strides),
                       default_strides)
    padding = arguments.take("padding", "valid")
    if padding not in ("valid", "same"):
        raise Skip(f"{arguments.layer}: no padding {padding}")
    return options + (["same"] if padding == "same" else [])


def conv_options(arguments):
    options = window_options(arguments, (1, 1))
    return options + per_axis("dilation", pair(arguments.take("dilation_rate", 1)), (1, 1))


def bias_and_activation(arguments):
    options = [] if arguments.take("use_bias", True) else ["no_bias"]
    return options + activation(arguments.take("activation", None))


def conv2d(arguments):
    required = [arguments.take("filters"), kernel(pair(arguments.take("kernel_size")))]
    options = conv_options(arguments)
    groups = arguments.take("groups", 1)
    if groups != 1:
        options.append(template("groups", groups))
    return [template("conv2d", *required, *options, *bias_and_activation(arguments))]


def depthwise_conv2d(arguments):
    size = kernel(pair(arguments.take("kernel_size")))
    options = conv_options(arguments)
    multiplier = arguments.take("depth_multiplier", 1)
    if multiplier != 1:
        options.append(template("depth_multiplier", multiplier))
    return [template("depthwise_conv2d", size, *options, *bias_and_activation(arguments))]


def separable_conv2d(arguments):
    """By its definition: a depthwise convolution without bias, then a pointwise one."""
    filters = arguments.take("filters")
    pointwise = template("conv2d", filters, 1, *bias_and_activation(arguments))
    defaults = {"strides": 1, "padding": "valid", "dilation_rate": 1, "depth_multiplier": 1}
    depthwise = {name: arguments.take(name, default) for name, default in defaults.items()}
    depthwise |= {"kernel_size": arguments.take("kernel_size"), "use_bias": False}
    return depthwise_conv2d(Arguments(arguments.layer, depthwise)) + [pointwise]


def conv2d_transpose(arguments):
    arguments.require("output_padding", None)
    arguments.require("groups", 1)
    required = [arguments.take("filters"), kernel(pair(arguments.take("kernel_size")))]
    options = conv_options(arguments) + bias_and_activation(arguments)
    return [template("conv2d_transpose", *required, *options)]


def pool(name):
    def express(arguments):
        size = pair(arguments.take("pool_size", 2))
        return [template(name, kernel(size), *window_options(arguments, size))]

    return express


def global_pool(name):
    def express(arguments):
        return [template(name, *(["keep_dims"] if arguments.take("keepdims", False) else []))]

    return express


def batch_norm(arguments):
    arguments.ignore("momentum")
    arguments.require("synchronized", False)
    epsilon = arguments.take("epsilon", 1e-3)
    axis = along(arguments.take("axis", -1))
    options = [] if epsilon == 1e-3 else [template("epsilon", real(epsilon))]
    options += [] if axis == -1 else [template("axis", axis)]
    options += [] if arguments.take("scale", True) else ["no_scale"]
    options += [] if arguments.take("center", True) else ["no_center"]
    return [template("batch_norm", *options)]


def relu(arguments):
    options = []
    for name, default in (("max_value", None), ("negative_slope", 0.0), ("threshold", 0.0)):
        value = arguments.take(name, default)
        if value not in (default, None):
            options.append(template(name, real(value)))
    return [template("relu_with", *options)] if options else ["relu"]


def softmax(arguments):
    axis = along(arguments.take("axis", -1))
    return ["softmax" if axis == -1 else template("softmax_over", template("axis", axis))]


def four_sides(name, argument):
    """A layer told by a number, one an axis, or two an axis."""

    def express(arguments):
        value = arguments.take(argument)
        vertical, horizontal = value if isinstance(value, (list, tuple)) else (value, value)
        return [template(name, *sides(*pair(vertical), *pair(horizontal)))]

    return express


def up_sampling2d(arguments):
    arguments.require("interpolation", "nearest")
    return [template("up_sampling2d", kernel(pair(arguments.take("size", 2))))]


def dropout(arguments):
    arguments.ignore("seed")
    arguments.require("noise_shape", None)
    return [template("dropout", real(arguments.take("rate")))]


LAYERS = {
    "Conv2D": conv2d,
    "DepthwiseConv2D": depthwise_conv2d,
    "SeparableConv2D": separable_conv2d,
    "Conv2DTranspose": conv2d_transpose,
    "MaxPooling2D": pool("max_pool2d"),
    "AveragePooling2D": pool("avg_pool2d"),
    "GlobalMaxPooling2D": global_pool("global_max_pool2d"),
    "GlobalAveragePooling2D": global_pool("global_avg_pool2d"),
    "BatchNormalization": batch_norm,
    "Dense": lambda given: [template("dense", given.take("units"), *bias_and_activation(given))],
    "Flatten": lambda given: ["flatten"],
    "Reshape": lambda given: [template("reshape", *given.take("target_shape"))],
    "Dropout": dropout,
    "Activation": lambda given: activation(given.take("activation")),
    "ReLU": relu,
    "LeakyReLU": lambda given: [template("leaky_relu", real(given.take("negative_slope", 0.3)))],
    "ELU": lambda given: [template("elu", real(given.take("alpha", 1.0)))],
    "Softmax": softmax,
    "ZeroPadding2D": four_sides("zero_padding2d", "padding"),
    "Cropping2D": four_sides("cropping2d", "cropping"),
    "UpSampling2D": up_sampling2d,
}

MERGES = {"Add": "add", "Multiply": "multiply", "Concatenate": "concat"}


def express(layer, config):
    """The layer in ctnn's words; raises Skip with the reason if there are none."""
    if layer not in LAYERS:
        raise Skip(f"no layer {layer} yet")
    arguments = Arguments(layer, config)
    arguments.ignore("name", "trainable")
    arguments.require("dtype", "float32")
    first = channels_first(arguments)
    result = Expression(LAYERS[layer](arguments), channels_first=first)
    arguments.finish()
    return result


def merge_axis(layer, config):
    """The axis that a merge works along, without the batch; raises Skip if there is no merge."""
    if layer not in MERGES:
        raise Skip(f"no layer {layer} yet")
    arguments = Arguments(layer, config)
    arguments.ignore("name", "trainable")
    arguments.require("dtype", "float32")
    axis = along(arguments.take("axis", -1)) if layer == "Concatenate" else -1
    arguments.finish()
    return axis
