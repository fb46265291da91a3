// SPDX-License-Identifier: BSL-1.0
// Operators by their numbers and names, and what converts them.
#include "importer.hpp"

#include <map>

namespace ctnn::tool::from_tflite {

namespace {

const std::map<std::string, converter>& table() {
    static const std::map<std::string, converter> converters{
        {"ADD", convert_arithmetic},
        {"AVERAGE_POOL_2D", convert_pool},
        {"BROADCAST_TO", nullptr},
        {"CAST", convert_identity},
        {"CONCATENATION", convert_concatenation},
        {"CONV_2D", convert_conv},
        {"CONV_3D", convert_conv3d},
        {"DEPTHWISE_CONV_2D", convert_conv},
        {"DEPTH_TO_SPACE", convert_block},
        {"DEQUANTIZE", convert_quantize},
        {"DIV", convert_arithmetic},
        {"ELU", convert_activation},
        {"EXP", convert_activation},
        {"EXPAND_DIMS", convert_reshape},
        {"FULLY_CONNECTED", convert_fully_connected},
        {"GATHER", nullptr},
        {"GELU", convert_activation},
        {"HARD_SWISH", convert_activation},
        {"L2_NORMALIZATION", convert_norm},
        {"LEAKY_RELU", convert_activation},
        {"LOCAL_RESPONSE_NORMALIZATION", convert_norm},
        {"LOGISTIC", convert_activation},
        {"LOG_SOFTMAX", convert_softmax},
        {"MAXIMUM", convert_arithmetic},
        {"MAX_POOL_2D", convert_pool},
        {"MEAN", convert_reduce},
        {"MINIMUM", convert_arithmetic},
        {"MIRROR_PAD", convert_pad},
        {"MUL", convert_arithmetic},
        {"NEG", convert_power},
        {"PACK", convert_pack},
        {"PAD", convert_pad},
        {"PADV2", convert_pad},
        {"POW", convert_power},
        {"PRELU", convert_prelu},
        {"QUANTIZE", convert_quantize},
        {"REDUCE_MAX", convert_reduce},
        {"REDUCE_PROD", nullptr},
        {"RELU", convert_activation},
        {"RELU6", convert_activation},
        {"RELU_0_TO_1", convert_activation},
        {"RELU_N1_TO_1", convert_activation},
        {"RESHAPE", convert_reshape},
        {"RESIZE_BILINEAR", convert_resize},
        {"RESIZE_NEAREST_NEIGHBOR", convert_resize},
        {"RSQRT", convert_power},
        {"SHAPE", nullptr},
        {"SLICE", convert_slice},
        {"SOFTMAX", convert_softmax},
        {"SPACE_TO_DEPTH", convert_block},
        {"SPLIT", convert_split},
        {"SPLIT_V", convert_split},
        {"SQRT", convert_power},
        {"SQUARE", convert_power},
        {"SQUEEZE", convert_reshape},
        {"STRIDED_SLICE", convert_slice},
        {"SUB", convert_arithmetic},
        {"SUM", convert_reduce},
        {"TANH", convert_activation},
        {"TRANSPOSE", convert_transpose},
        {"TRANSPOSE_CONV", convert_transpose_conv},
    };
    return converters;
}

} // namespace

converter find_converter(const std::string& type) {
    const auto found = table().find(type);
    return found == table().end() ? nullptr : found->second;
}

std::string supported_operators() {
    std::string list;
    for (const auto& [name, convert] : table())
        if (convert != nullptr) list += (list.empty() ? "" : ", ") + name;
    return list;
}

std::string operator_name(int code) {
    static const std::map<int, std::string> names{
        {0, "ADD"},
        {1, "AVERAGE_POOL_2D"},
        {2, "CONCATENATION"},
        {3, "CONV_2D"},
        {4, "DEPTHWISE_CONV_2D"},
        {5, "DEPTH_TO_SPACE"},
        {6, "DEQUANTIZE"},
        {7, "EMBEDDING_LOOKUP"},
        {8, "FLOOR"},
        {9, "FULLY_CONNECTED"},
        {11, "L2_NORMALIZATION"},
        {12, "L2_POOL_2D"},
        {13, "LOCAL_RESPONSE_NORMALIZATION"},
        {14, "LOGISTIC"},
        {16, "LSTM"},
        {17, "MAX_POOL_2D"},
        {18, "MUL"},
        {19, "RELU"},
        {20, "RELU_N1_TO_1"},
        {21, "RELU6"},
        {22, "RESHAPE"},
        {23, "RESIZE_BILINEAR"},
        {24, "RNN"},
        {25, "SOFTMAX"},
        {26, "SPACE_TO_DEPTH"},
        {27, "SVDF"},
        {28, "TANH"},
        {32, "CUSTOM"},
        {34, "PAD"},
        {35, "UNIDIRECTIONAL_SEQUENCE_RNN"},
        {36, "GATHER"},
        {37, "BATCH_TO_SPACE_ND"},
        {38, "SPACE_TO_BATCH_ND"},
        {39, "TRANSPOSE"},
        {40, "MEAN"},
        {41, "SUB"},
        {42, "DIV"},
        {43, "SQUEEZE"},
        {44, "UNIDIRECTIONAL_SEQUENCE_LSTM"},
        {45, "STRIDED_SLICE"},
        {47, "EXP"},
        {48, "TOPK_V2"},
        {49, "SPLIT"},
        {50, "LOG_SOFTMAX"},
        {53, "CAST"},
        {54, "PRELU"},
        {55, "MAXIMUM"},
        {56, "ARG_MAX"},
        {57, "MINIMUM"},
        {59, "NEG"},
        {60, "PADV2"},
        {64, "SELECT"},
        {65, "SLICE"},
        {67, "TRANSPOSE_CONV"},
        {69, "TILE"},
        {70, "EXPAND_DIMS"},
        {73, "LOG"},
        {74, "SUM"},
        {75, "SQRT"},
        {76, "RSQRT"},
        {77, "SHAPE"},
        {78, "POW"},
        {79, "ARG_MIN"},
        {80, "FAKE_QUANT"},
        {81, "REDUCE_PROD"},
        {82, "REDUCE_MAX"},
        {83, "PACK"},
        {88, "UNPACK"},
        {89, "REDUCE_MIN"},
        {92, "SQUARE"},
        {94, "FILL"},
        {96, "RANGE"},
        {97, "RESIZE_NEAREST_NEIGHBOR"},
        {98, "LEAKY_RELU"},
        {99, "SQUARED_DIFFERENCE"},
        {100, "MIRROR_PAD"},
        {101, "ABS"},
        {102, "SPLIT_V"},
        {105, "REVERSE_V2"},
        {106, "ADD_N"},
        {111, "ELU"},
        {114, "QUANTIZE"},
        {117, "HARD_SWISH"},
        {118, "IF"},
        {119, "WHILE"},
        {126, "BATCH_MATMUL"},
        {129, "CALL_ONCE"},
        {130, "BROADCAST_TO"},
        {132, "CONV_3D"},
        {141, "CONV_3D_TRANSPOSE"},
        {142, "VAR_HANDLE"},
        {150, "GELU"},
        {152, "RELU_0_TO_1"},
    };
    const auto found = names.find(code);
    return found == names.end() ? std::string{} : found->second;
}

} // namespace ctnn::tool::from_tflite
