// SPDX-License-Identifier: BSL-1.0
// Which class of Keras becomes what.
#include "importer.hpp"

namespace ctnn::tool::from_keras {

namespace {

const std::map<std::string, converter>& table() {
    static const std::map<std::string, converter> converters = [] {
        std::map<std::string, converter> result{
            {"Activation", convert_activation},
            {"Add", convert_merge},
            {"Average", convert_merge},
            {"BatchNormalization", convert_batch_norm},
            {"Concatenate", convert_concatenate},
            {"Dense", convert_dense},
            {"Dot", convert_dot},
            {"ELU", convert_activation},
            {"Flatten", convert_flatten},
            {"GroupNormalization", convert_group_norm},
            {"LayerNormalization", convert_layer_norm},
            {"LeakyReLU", convert_activation},
            {"Maximum", convert_merge},
            {"Merge", convert_old_merge},
            {"Minimum", convert_merge},
            {"Multiply", convert_merge},
            {"Normalization", convert_normalization},
            {"PReLU", convert_prelu},
            {"Permute", convert_permute},
            {"RMSNormalization", convert_layer_norm},
            {"ReLU", convert_activation},
            {"RepeatVector", convert_repeat_vector},
            {"Rescaling", convert_rescaling},
            {"Reshape", convert_reshape},
            {"Resizing", convert_resizing},
            {"Softmax", convert_softmax},
            {"Subtract", convert_merge},
            {"ThresholdedReLU", convert_activation},
            {"UnitNormalization", convert_unit_norm},
            // operations of Keras 3
            {"Divide", convert_merge},
            {"Relu", convert_activation},
            {"Relu6", convert_activation},
            {"Sigmoid", convert_activation},
            {"Silu", convert_activation},
            {"Tanh", convert_activation},
            {"TrueDivide", convert_merge},
        };
        for (const char* axes : {"1D", "2D", "3D"}) {
            for (const char* name : {"Conv", "Convolution", "AtrousConvolution", "DepthwiseConv",
                                     "SeparableConv", "SeparableConvolution", "Deconvolution"})
                result[std::string(name) + axes] = convert_conv;
            result["Conv" + std::string(axes) + "Transpose"] = convert_conv;
            for (const char* name : {"MaxPooling", "AveragePooling"}) {
                result[std::string(name) + axes] = convert_pool;
                result["Global" + std::string(name) + axes] = convert_global_pool;
                result["Adaptive" + std::string(name) + axes] = convert_adaptive_pool;
            }
            for (const char* name : {"ZeroPadding", "Cropping"})
                result[std::string(name) + axes] = convert_padding;
            result["UpSampling" + std::string(axes)] = convert_up_sampling;
            result["SpatialDropout" + std::string(axes)] = convert_nothing;
        }
        for (const char* name :
             {"Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "Identity",
              "ActivityRegularization", "RandomFlip", "RandomRotation", "RandomZoom",
              "RandomTranslation", "RandomContrast", "RandomBrightness"})
            result[name] = convert_nothing;
        return result;
    }();
    return converters;
}

} // namespace

converter find_converter(const std::string& type) {
    const auto found = table().find(type);
    return found == table().end() ? nullptr : found->second;
}

std::string supported_layers() {
    std::string list;
    for (const auto& [name, convert] : table()) list += (list.empty() ? "" : ", ") + name;
    return list;
}

} // namespace ctnn::tool::from_keras
