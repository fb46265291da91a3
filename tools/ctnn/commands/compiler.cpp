// SPDX-License-Identifier: BSL-1.0
#include "compiler.hpp"

#include "command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>

extern char** environ;

namespace ctnn::tool {

namespace fs = std::filesystem;

namespace {

std::string reason(int code) { return std::generic_category().message(code); }

class file_end {
public:
    explicit file_end(int number = -1) : number_(number) {}
    ~file_end() { close(); }
    file_end(file_end&& from) noexcept : number_(from.number_) { from.number_ = -1; }
    file_end& operator=(file_end&& from) noexcept {
        std::swap(number_, from.number_);
        return *this;
    }
    int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

struct pipe_ends {
    file_end read, write;
};

pipe_ends make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw command_error("", "no pipe can be made: " + reason(errno));
    return {file_end(ends[0]), file_end(ends[1])};
}

/// Feeds a program and listens to it until it has closed both of its ends.
void exchange(file_end input, std::string_view rest, file_end output, file_end errors,
              run_result& to) {
    fcntl(input.number(), F_SETFL, O_NONBLOCK);
    if (rest.empty()) input.close();
    while (output.number() >= 0 || errors.number() >= 0) {
        pollfd ends[3]{{output.number(), POLLIN, 0},
                       {errors.number(), POLLIN, 0},
                       {input.number(), POLLOUT, 0}};
        if (poll(ends, 3, -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        for (int i = 0; i < 2; ++i) {
            if (ends[i].fd < 0 || ends[i].revents == 0) continue;
            char chunk[65536];
            const ssize_t got = read(ends[i].fd, chunk, sizeof chunk);
            if (got > 0)
                (i == 0 ? to.output : to.errors).append(chunk, static_cast<std::size_t>(got));
            else if (got == 0 || errno != EINTR)
                (i == 0 ? output : errors).close();
        }
        if (ends[2].fd >= 0 && ends[2].revents != 0) {
            const ssize_t put = write(input.number(), rest.data(), rest.size());
            if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
            if (rest.empty() || (put < 0 && errno != EINTR && errno != EAGAIN)) input.close();
        }
    }
}

} // namespace

run_result run_program(const std::vector<std::string>& command, std::string_view input,
                       const fs::path& directory) {
    std::signal(SIGPIPE, SIG_IGN);
    pipe_ends in = make_pipe();
    pipe_ends out = make_pipe();
    pipe_ends err = make_pipe();
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.read.number(), 0);
    posix_spawn_file_actions_adddup2(&actions, out.write.number(), 1);
    posix_spawn_file_actions_adddup2(&actions, err.write.number(), 2);
    if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    pid_t child = -1;
    const int problem =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) throw command_error(command[0], "cannot be run: " + reason(problem));
    in.read.close();
    out.write.close();
    err.write.close();
    run_result result;
    exchange(std::move(in.write), input, std::move(out.read), std::move(err.read), result);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

std::vector<std::string> compiler_command() {
    const char* named = std::getenv("CXX");
    std::istringstream words(named != nullptr ? named : "");
    std::vector<std::string> command;
    for (std::string word; words >> word;) command.push_back(word);
    if (command.empty()) command.push_back("c++");
    return command;
}

void compile(const fs::path& directory, const std::vector<std::string>& arguments) {
    std::vector<std::string> command = compiler_command();
    command.insert(command.end(), arguments.begin(), arguments.end());
    const run_result result = run_program(command, {}, directory);
    if (result.status == 0) return;
    std::string line;
    for (const std::string& word : command) line += (line.empty() ? "" : " ") + word;
    throw command_error(command[0], "failed (" + std::to_string(result.status) + "): " + line +
                                        "\n" + result.errors.substr(0, 4000));
}

fs::path headers_folder(const std::string& given) {
    std::error_code code;
    if (!given.empty()) {
        if (fs::exists(fs::path(given) / "ctnn/ctnn.hpp", code)) return fs::absolute(given);
        throw command_error("--include '" + given + "'",
                            "the library's ctnn/ctnn.hpp is not there");
    }
    const fs::path program = fs::read_symlink("/proc/self/exe", code);
    const fs::path beside = program.parent_path() / CTNN_INCLUDE_FROM_PROGRAM;
    if (!code && fs::exists(beside / "ctnn/ctnn.hpp", code)) return beside.lexically_normal();
    throw command_error("", "the library's headers are not in " + beside.string() +
                                "; say where they are by --include or CTNN_INCLUDE");
}

} // namespace ctnn::tool
