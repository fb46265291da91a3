// SPDX-License-Identifier: BSL-1.0
// Files in a zip archive that is in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct zip;

namespace ctnn::tool::from_keras {

class zip_file {
public:
    /// The bytes must live as long as the archive. Throws refusal.
    explicit zip_file(std::string_view bytes);
    /// A file by its name, which has no more than `most` bytes. Throws refusal.
    std::string read(const char* name, std::size_t most) const;

private:
    struct closer {
        void operator()(zip* archive) const;
    };
    std::unique_ptr<zip, closer> archive_;
    std::size_t size_;
};

} // namespace ctnn::tool::from_keras
