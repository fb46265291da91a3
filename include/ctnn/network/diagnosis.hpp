// SPDX-License-Identifier: BSL-1.0
// Every mistake that the library itself finds in a network, with its sentence.
#pragma once

#include <ctnn/network/graph_faults.hpp>
#include <ctnn/network/layer_faults.hpp>
