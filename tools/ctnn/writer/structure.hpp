// SPDX-License-Identifier: BSL-1.0
// A model's graph as the language writes it: lists of layers, residuals and branches, and saved
// tensors where nothing else says it.
#pragma once

#include "../model/model.hpp"

#include <string>
#include <vector>

namespace ctnn::tool {

struct element;
using element_list = std::vector<element>;

/// One item of a list in the language.
struct element {
    enum class form {
        leaf,       ///< a layer, or an input
        residual,   ///< parts: the layers, and those of the shortcut if there is one
        branches,   ///< parts: a list for each branch
        merge_with, ///< with a saved tensor
        block,      ///< parts: one list; under a name
        save,
        from,
        output,
        again
    };
    form what = form::leaf;
    int layer = -1; ///< of a leaf, and the merge of a residual or of branches
    std::string
        name; ///< of a leaf or merge: its own, or empty; of the others: the tensor's or theirs
    std::vector<element_list> parts{};
};

/// The layers that lead to the outputs, each once. A layer that shares another one's weights is
/// `again<...>`; its owner has a name of its own then.
element_list structure_of(const model& source);

/// The layers of an element, those of its parts included.
std::vector<int> layers_of(const element& item);

} // namespace ctnn::tool
