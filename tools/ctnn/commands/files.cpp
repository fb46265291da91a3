// SPDX-License-Identifier: BSL-1.0
#include "files.hpp"

#include "command.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace ctnn::tool {

namespace fs = std::filesystem;

namespace {

volatile std::sig_atomic_t ending = 0;

std::string reason(int code) { return std::generic_category().message(code); }

void write_bytes(const fs::path& path, std::string_view bytes) {
    if (ending != 0) throw command_error("", "interrupted");
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) throw command_error(path.string(), "cannot be written: " + reason(errno));
    bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    written = written && std::fflush(file) == 0;
    const int problem = written ? 0 : errno;
    const bool closed = std::fclose(file) == 0;
    if (!written || !closed)
        throw command_error(path.string(),
                            "cannot be written: " + reason(written ? errno : problem));
}

} // namespace

void end_on_signals() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        std::signal(number, [](int again) {
            ending = 1;
            std::signal(again, SIG_DFL); // the second time it ends at once
        });
}

staging::staging(const fs::path& directory)
    : directory_(directory.empty() ? fs::path(".") : directory) {
    std::error_code code;
    fs::path missing = fs::absolute(directory_).lexically_normal();
    if (!missing.has_filename()) missing = missing.parent_path();
    while (!missing.empty() && !fs::exists(missing, code) && missing != missing.parent_path()) {
        made_.insert(made_.begin(), missing);
        missing = missing.parent_path();
    }
    fs::create_directories(directory_, code);
    if (code || !fs::is_directory(directory_)) {
        for (std::size_t i = made_.size(); i-- > 0;) fs::remove(made_[i], code);
        throw command_error(directory_.string(), fs::exists(directory_)
                                                     ? "is no folder"
                                                     : "cannot be made: " + code.message());
    }
    std::string pattern = (directory_ / ".ctnn-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        const int problem = errno;
        for (std::size_t i = made_.size(); i-- > 0;) fs::remove(made_[i], code);
        throw command_error(directory_.string(), "cannot be written to: " + reason(problem));
    }
    path_ = pattern;
}

staging::~staging() {
    std::error_code code;
    fs::remove_all(path_, code);
    for (std::size_t i = made_.size(); i-- > 0 && !kept_;) fs::remove(made_[i], code);
}

void staging::write(const std::string& name, std::string_view bytes) const {
    write_bytes(path_ / name, bytes);
}

void staging::keep(const std::vector<std::string>& names) {
    if (ending != 0) throw command_error("", "interrupted");
    for (const std::string& name : names) {
        if (!fs::is_directory(directory_ / name)) continue;
        throw command_error((directory_ / name).string(), "is a folder, and cannot be replaced");
    }
    for (const std::string& name : names) {
        std::error_code code;
        fs::rename(path_ / name, directory_ / name, code);
        if (code)
            throw command_error((directory_ / name).string(),
                                "cannot be replaced: " + code.message());
        kept_ = true;
    }
}

void write_file(const fs::path& target, std::string_view bytes) {
    const std::string name = target.filename().string();
    if (name.empty() || name == "." || name == "..")
        throw command_error(target.string(), "is no name of a file");
    staging into(target.parent_path());
    into.write(name, bytes);
    into.keep({name});
}

} // namespace ctnn::tool
