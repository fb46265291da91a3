// SPDX-License-Identifier: BSL-1.0
// Passes that leave a model with fewer layers and the same meaning.
#pragma once

#include "model.hpp"

namespace ctnn::tool {

/// All passes: layers that nothing reads go; arithmetic that is an activation written out becomes
/// it; biases, padding and activations go into the layer before or behind. Says so in the notes.
void tidy(model& subject);

/// Layers that neither an output nor a layer that stays reads, inputs left alone.
void remove_unread(model& subject);

} // namespace ctnn::tool
