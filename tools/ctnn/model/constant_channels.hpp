// SPDX-License-Identifier: BSL-1.0
// Channels of an int8 network that are the same number whatever it reads, or that nothing reads.
#pragma once

#include "model.hpp"

namespace ctnn::tool {

/// Takes them out: a number that is known goes into the biases behind it. What the network gives
/// stays the same to the bit. Intervals between which cells lie say what is constant: each cell of
/// an input may be any number, and a window may see any part of the map. Says in the notes what
/// went; does nothing to a network of floats.
void fold_constant_channels(model& subject);

} // namespace ctnn::tool
