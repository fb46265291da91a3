// SPDX-License-Identifier: BSL-1.0
// Writes networks whose type is known as the command would write them: write_zoo DIRECTORY.
#include "../../tools/ctnn/writer/write.hpp"
#include "from_graph.hpp"
#include "zoo_list.hpp"

#include <cstdio>
#include <exception>
#include <fstream>

namespace {

template <class Network> bool write(const char* name, const std::string& directory) {
    ctnn::tool::model source;
    source.file = std::string(name) + ".graph";
    source.format = "a graph";
    ctnn::tool::model_from(source, Network::graph());
    const ctnn::tool::written_network written(source, std::string("written_") + name);
    std::ofstream file(directory + "/written_" + name + ".hpp");
    file << written.header();
    return file.flush().good();
}

} // namespace

int main(int count, char** arguments) try {
    if (count != 2) return 2;
    const std::string directory = arguments[1];
    bool good = true;
#define CTNN_WRITE(name) good = write<ctnn::zoo::name>(#name, directory) && good;
    CTNN_WRITTEN_NETWORKS(CTNN_WRITE)
#undef CTNN_WRITE
    return good ? 0 : 1;
} catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 1;
}
