// SPDX-License-Identifier: BSL-1.0
// The version of the library, for the preprocessor: major * 10000 + minor * 100 + patch.
#pragma once

#define CTNN_VERSION 100
