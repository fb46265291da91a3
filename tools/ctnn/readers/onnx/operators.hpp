// SPDX-License-Identifier: BSL-1.0
// Converters of nodes, by family.
#pragma once

#include "importer.hpp"

namespace ctnn::tool::from_onnx {

void convert_conv(importer&, const node&);
void convert_conv_transpose(importer&, const node&);
void convert_pool(importer&, const node&);
void convert_global_pool(importer&, const node&);

void convert_batch_norm(importer&, const node&);
void convert_instance_norm(importer&, const node&);
void convert_group_norm(importer&, const node&);
void convert_layer_norm(importer&, const node&);
void convert_local_response_norm(importer&, const node&);
void convert_lp_norm(importer&, const node&);

void convert_gemm(importer&, const node&);
void convert_matmul(importer&, const node&);

void convert_activation(importer&, const node&);
void convert_clip(importer&, const node&);
void convert_prelu(importer&, const node&);
void convert_softmax(importer&, const node&);
void convert_power(importer&, const node&);

void convert_arithmetic(importer&, const node&);
void convert_reduce(importer&, const node&);

void convert_same(importer&, const node&);
void convert_reshape(importer&, const node&);
void convert_transpose(importer&, const node&);
void convert_concat(importer&, const node&);
void convert_split(importer&, const node&);
void convert_slice(importer&, const node&);
void convert_gather(importer&, const node&);
void convert_expand(importer&, const node&);
void convert_pad(importer&, const node&);
void convert_resize(importer&, const node&);
void convert_square(importer&, const node&);
void refuse_quantised(importer&, const node&);
void convert_quantise(importer&, const node&);

/// Cell by cell, the smaller tensor broadcast.
value merged(importer& by, const descriptor& what, const value& first, const value& second);
/// Axes of extent 1 before the others.
value aligned_rank(value from, std::size_t rank);

/// x * factor + shift with a constant that is broadcast to x.
value scaled(importer& by, const value& from, const tensor& factors);
value shifted(importer& by, const value& from, const tensor& shifts);
/// x * scale + offset, nothing where that is x.
value line(importer& by, const value& from, double scale, double offset);

} // namespace ctnn::tool::from_onnx
