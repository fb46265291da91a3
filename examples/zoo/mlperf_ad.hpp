// SPDX-License-Identifier: BSL-1.0
// MLPerf Tiny, anomaly detection: an autoencoder for the sound of a machine.
#pragma once

#include <ctnn/ctnn.hpp>

namespace ctnn::zoo {

template <int Units> using ad_layer = sequence<dense<Units>, batch_norm<>, relu>;

/// The autoencoder of mlcommons/tiny, after the baseline of DCASE 2020, task 2: five frames of 128
/// mel bands through 8 numbers and back. A large error means a strange sound.
using mlperf_ad = network<
    input<640>,
    repeat<4, ad_layer<128>>,
    ad_layer<8>,
    repeat<4, ad_layer<128>>,
    dense<640>>;

} // namespace ctnn::zoo
