// SPDX-License-Identifier: BSL-1.0
// Which converter takes which operator.
#include "operators.hpp"

#include <unordered_map>

namespace ctnn::tool::from_onnx {

namespace {

const std::map<std::string, converter>& converters() {
    static const std::map<std::string, converter> all{
        {"Conv", convert_conv},
        {"ConvTranspose", convert_conv_transpose},
        {"MaxPool", convert_pool},
        {"AveragePool", convert_pool},
        {"LpPool", convert_pool},
        {"GlobalMaxPool", convert_global_pool},
        {"GlobalAveragePool", convert_global_pool},
        {"GlobalLpPool", convert_global_pool},
        {"BatchNormalization", convert_batch_norm},
        {"InstanceNormalization", convert_instance_norm},
        {"GroupNormalization", convert_group_norm},
        {"LayerNormalization", convert_layer_norm},
        {"LRN", convert_local_response_norm},
        {"LpNormalization", convert_lp_norm},
        {"Gemm", convert_gemm},
        {"MatMul", convert_matmul},
        {"Relu", convert_activation},
        {"LeakyRelu", convert_activation},
        {"Elu", convert_activation},
        {"Celu", convert_activation},
        {"Selu", convert_activation},
        {"ThresholdedRelu", convert_activation},
        {"Sigmoid", convert_activation},
        {"HardSigmoid", convert_activation},
        {"HardSwish", convert_activation},
        {"Swish", convert_activation},
        {"Mish", convert_activation},
        {"Gelu", convert_activation},
        {"Tanh", convert_activation},
        {"Softplus", convert_activation},
        {"Softsign", convert_activation},
        {"Shrink", convert_activation},
        {"Exp", convert_activation},
        {"Clip", convert_clip},
        {"PRelu", convert_prelu},
        {"Softmax", convert_softmax},
        {"LogSoftmax", convert_softmax},
        {"Pow", convert_power},
        {"Sqrt", convert_power},
        {"Reciprocal", convert_power},
        {"Neg", convert_power},
        {"Abs", convert_power},
        {"Add", convert_arithmetic},
        {"Sub", convert_arithmetic},
        {"Mul", convert_arithmetic},
        {"Div", convert_arithmetic},
        {"Sum", convert_arithmetic},
        {"Mean", convert_arithmetic},
        {"Max", convert_arithmetic},
        {"Min", convert_arithmetic},
        {"ReduceMean", convert_reduce},
        {"ReduceSum", convert_reduce},
        {"ReduceMax", convert_reduce},
        {"ReduceMin", convert_reduce},
        {"ReduceL1", convert_reduce},
        {"ReduceL2", convert_reduce},
        {"ReduceSumSquare", convert_reduce},
        {"Identity", convert_same},
        {"Dropout", convert_same},
        {"Cast", convert_same},
        {"Flatten", convert_reshape},
        {"Reshape", convert_reshape},
        {"Squeeze", convert_reshape},
        {"Unsqueeze", convert_reshape},
        {"Transpose", convert_transpose},
        {"Concat", convert_concat},
        {"Split", convert_split},
        {"Slice", convert_slice},
        {"Gather", convert_gather},
        {"Expand", convert_expand},
        {"Tile", convert_expand},
        {"Pad", convert_pad},
        {"Resize", convert_resize},
        {"Upsample", convert_resize},
        {"QuantizeLinear", convert_quantise},
        {"DequantizeLinear", convert_quantise},
        {"DepthToSpace", convert_square},
        {"SpaceToDepth", convert_square},
    };
    return all;
}

} // namespace

converter find_converter(const std::string& type) {
    static const std::set<std::string> quantised{"QLinearConv",
                                                 "QLinearMatMul",
                                                 "ConvInteger",
                                                 "DynamicQuantizeLinear",
                                                 "MatMulInteger",
                                                 "QLinearAdd",
                                                 "QLinearGlobalAveragePool"};
    if (quantised.count(type) > 0) return refuse_quantised;
    const auto found = converters().find(type);
    return found == converters().end() ? nullptr : found->second;
}

std::string supported_operators() {
    std::string list;
    for (const auto& [name, convert] : converters()) list += (list.empty() ? "" : ", ") + name;
    return list +
           ", and on constants Constant, ConstantOfShape, Shape, Range and what computes shapes";
}

} // namespace ctnn::tool::from_onnx
