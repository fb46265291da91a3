// SPDX-License-Identifier: BSL-1.0
// Counts every call of operator new in the test program.
#pragma once

long allocations() noexcept;
