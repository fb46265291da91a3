// SPDX-License-Identifier: BSL-1.0
#include "h5_file.hpp"

#include "../common/builder.hpp"
#include "h5_message.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ctnn::tool::from_keras {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool has_shadow_memory = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool has_shadow_memory = true;
#else
constexpr bool has_shadow_memory = false;
#endif
#else
constexpr bool has_shadow_memory = false;
#endif

void lower(__rlimit_resource what, rlim_t most) {
    rlimit limit{};
    if (getrlimit(what, &limit) != 0) return;
    limit.rlim_cur = std::min(limit.rlim_cur, most);
    setrlimit(what, &limit);
}

/// Bytes of address space that this process has now.
std::size_t address_space() {
    std::size_t pages = 0;
    if (std::FILE* status = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(status, "%zu", &pages) != 1) pages = 0;
        std::fclose(status);
    }
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Seconds that a file of this size may take, and of them those that it may compute.
int time_for(std::size_t bytes) { return 30 + static_cast<int>(bytes >> 24); }
int processor_time_for(std::size_t bytes) { return 5 + static_cast<int>(bytes >> 25); }

[[noreturn]] void run_reader(std::string_view bytes, int to) {
    lower(RLIMIT_CORE, 0);
    lower(RLIMIT_CPU, static_cast<rlim_t>(processor_time_for(bytes.size())));
    if (!has_shadow_memory)
        lower(RLIMIT_AS, address_space() + (std::size_t{1} << 30) + 16 * bytes.size());
    for (const int fault : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(fault, SIG_DFL);
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing >= 0) { // an assertion of the library is no message for our user
        dup2(nothing, STDERR_FILENO);
        dup2(nothing, STDOUT_FILENO);
    }
    send_h5(bytes, to);
    _exit(0);
}

/// The other process, and the end of the pipe that it writes to.
class reader_process {
public:
    explicit reader_process(std::string_view bytes) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw refusal("cannot be read: there is no pipe to be had");
        id_ = fork();
        if (id_ == 0) run_reader(bytes, ends[1]);
        close(ends[1]);
        from_ = ends[0];
        if (id_ < 0) throw refusal("cannot be read: there is no process to be had");
    }
    reader_process(const reader_process&) = delete;
    reader_process& operator=(const reader_process&) = delete;
    ~reader_process() {
        if (from_ >= 0) close(from_);
        if (id_ > 0) {
            kill(id_, SIGKILL);
            while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }

    std::string listen(int seconds) const {
        using clock = std::chrono::steady_clock;
        const auto end = clock::now() + std::chrono::seconds(seconds);
        std::string message;
        char part[65536];
        for (;;) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()).count();
            pollfd waiting{from_, POLLIN, 0};
            const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
            if (ready == 0) throw refusal("takes too long to read; the file is damaged");
            const ssize_t count = ready < 0 ? -1 : ::read(from_, part, sizeof part);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return message;
            message.append(part, static_cast<std::size_t>(count));
        }
    }

private:
    pid_t id_ = -1;
    int from_ = -1;
};

class message_reader {
public:
    explicit message_reader(std::string_view message) : left_(message) {}

    bool done() const { return left_.empty(); }
    record kind() {
        const auto what = static_cast<record>(take(1)[0]);
        return what;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string string() { return std::string(take(number())); }
    std::string_view take(std::uint64_t count) {
        if (count > left_.size())
            throw refusal("HDF5's library cannot read it: the file is damaged");
        const std::string_view result = left_.substr(0, count);
        left_.remove_prefix(count);
        return result;
    }

private:
    std::string_view left_;
};

} // namespace

h5_file h5_file::parse(std::string_view message) {
    h5_file result;
    h5_object* last = nullptr;
    message_reader from(message);
    for (;;) {
        const record what = from.kind();
        if (what == record::end) return result;
        if (what == record::problem) throw refusal(from.string());
        if (what == record::group || what == record::dataset) {
            last = &result.objects_[from.string()];
            *last = {};
            last->is_group = what == record::group;
        }
        if (last == nullptr) throw refusal("HDF5's library cannot read it: the file is damaged");
        if (what == record::member) last->members.push_back(from.string());
        if (what == record::text) {
            const std::string name = from.string();
            last->texts[name].push_back(from.string());
        }
        if (what == record::dataset) {
            const std::uint64_t rank = from.number();
            for (std::uint64_t i = 0; i < rank; ++i)
                last->dims.push_back(static_cast<long long>(from.number()));
            const std::uint64_t count = from.number();
            if (count > message.size()) from.take(message.size() + 1);
            const std::string_view cells = from.take(count * sizeof(float));
            last->cells.resize(count);
            if (count > 0) std::memcpy(last->cells.data(), cells.data(), cells.size());
        }
    }
}

h5_file h5_file::read(std::string_view bytes) {
    return parse(reader_process(bytes).listen(time_for(bytes.size())));
}

const h5_object* h5_file::find(const std::string& path) const {
    const auto found = objects_.find(path);
    return found == objects_.end() ? nullptr : &found->second;
}

const std::string* h5_file::text(const std::string& path, const std::string& attribute) const {
    const h5_object* object = find(path);
    if (object == nullptr) return nullptr;
    const auto found = object->texts.find(attribute);
    return found == object->texts.end() || found->second.empty() ? nullptr : &found->second[0];
}

std::vector<std::string> h5_file::texts(const std::string& path,
                                        const std::string& attribute) const {
    std::vector<std::string> result;
    const h5_object* object = find(path);
    if (object == nullptr) return result;
    const auto append = [&](const std::string& name) {
        const auto found = object->texts.find(name);
        if (found == object->texts.end()) return false;
        result.insert(result.end(), found->second.begin(), found->second.end());
        return true;
    };
    if (append(attribute)) return result;
    for (int part = 0; append(attribute + std::to_string(part)); ++part) {
    }
    return result;
}

} // namespace ctnn::tool::from_keras
