// SPDX-License-Identifier: BSL-1.0
// All that is done with HDF5's library.
#include "h5_message.hpp"

#include <cstddef>
#include <cstring>
#include <exception>
#include <vector>

#include <hdf5.h>
#include <unistd.h>

namespace ctnn::tool::from_keras {

namespace {

constexpr std::size_t most_objects = 200000;
constexpr std::size_t most_text = std::size_t{64} << 20;
constexpr int most_depth = 32;

struct problem {
    const char* what;
};

/// Closes what HDF5 opened.
class handle {
public:
    handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ~handle() {
        if (id_ >= 0) close_(id_);
    }
    operator hid_t() const { return id_; } // NOLINT(google-explicit-constructor)
    bool good() const { return id_ >= 0; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

class sender {
public:
    explicit sender(int to) : to_(to) {}

    void kind(record what) { bytes(&what, 1); }
    void number(std::uint64_t value) { bytes(&value, sizeof value); }
    void string(std::string_view value) {
        number(value.size());
        bytes(value.data(), value.size());
    }
    void bytes(const void* data, std::size_t count) {
        const char* next = static_cast<const char*>(data);
        while (count > 0) {
            const ssize_t written = write(to_, next, count);
            if (written <= 0) throw problem{"the reading process ended"};
            next += written;
            count -= static_cast<std::size_t>(written);
        }
    }

private:
    int to_;
};

herr_t collect(hid_t, const char* name, const H5L_info_t* info, void* to) {
    auto& names = *static_cast<std::vector<std::string>*>(to);
    if (info->type != H5L_TYPE_HARD) return 0; // links to other files are not followed
    if (names.size() >= most_objects || std::strlen(name) > 4096) return -1;
    try {
        names.emplace_back(name);
    } catch (const std::exception&) {
        return -1;
    }
    return 0;
}

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* to) {
    auto& names = *static_cast<std::vector<std::string>*>(to);
    if (names.size() >= 4096 || std::strlen(name) > 4096) return -1;
    try {
        names.emplace_back(name);
    } catch (const std::exception&) {
        return -1;
    }
    return 0;
}

class walker {
public:
    walker(std::size_t file_bytes, sender& to) : file_bytes_(file_bytes), to_(to) {}

    void group(hid_t subject, const std::string& path, int depth) {
        if (depth > most_depth) throw problem{"its groups lie too deep in each other"};
        if (++objects_ > most_objects) throw problem{"it holds too many objects"};
        std::vector<std::string> names;
        if (H5Literate(subject, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names) < 0)
            throw problem{"a group of it cannot be read"};
        to_.kind(record::group);
        to_.string(path);
        attributes(subject);
        for (const std::string& name : names) {
            to_.kind(record::member);
            to_.string(name);
        }
        for (const std::string& name : names) {
            if (path.empty() && name == "optimizer_weights") continue;
            const std::string inner = path.empty() ? name : path + "/" + name;
            const handle object(H5Oopen(subject, name.c_str(), H5P_DEFAULT), H5Oclose);
            if (!object.good()) throw problem{"an object of it cannot be opened"};
            const H5I_type_t type = H5Iget_type(object);
            if (type == H5I_GROUP) group(object, inner, depth + 1);
            if (type == H5I_DATASET) dataset(object, inner);
        }
    }

private:
    void dataset(hid_t subject, const std::string& path) {
        if (++objects_ > most_objects) throw problem{"it holds too many objects"};
        const handle type(H5Dget_type(subject), H5Tclose);
        const handle space(H5Dget_space(subject), H5Sclose);
        const handle created(H5Dget_create_plist(subject), H5Pclose);
        if (!type.good() || !space.good() || !created.good())
            throw problem{"a dataset of it cannot be read"};
        const H5T_class_t of = H5Tget_class(type);
        if (of != H5T_FLOAT && of != H5T_INTEGER) return; // text, say: no weight
        if (H5Pget_external_count(created) != 0 || H5Pget_layout(created) == H5D_VIRTUAL)
            throw problem{"a dataset of it lies in another file"};
        const int rank = H5Sget_simple_extent_ndims(space);
        hsize_t dims[H5S_MAX_RANK]{};
        if (rank < 0 || rank > 8 || H5Sget_simple_extent_dims(space, dims, nullptr) != rank)
            throw problem{"a dataset of it has no shape"};
        // Compressed by DEFLATE, a byte of the file holds at most some thousand.
        const std::uint64_t most = (file_bytes_ * 1040 + 4096) / 4;
        std::uint64_t count = 1;
        for (int i = 0; i < rank; ++i) {
            if (dims[i] != 0 && count > most / dims[i])
                throw problem{"a dataset of it has more numbers than the file can hold"};
            count *= dims[i];
        }
        cells_ += count;
        if (cells_ > most || cells_ > std::uint64_t{1} << 32)
            throw problem{"it has more numbers than the file can hold"};
        std::vector<float> cells(count);
        if (count > 0 &&
            H5Dread(subject, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()) < 0)
            throw problem{"the numbers of a dataset cannot be read"};
        to_.kind(record::dataset);
        to_.string(path);
        to_.number(static_cast<std::uint64_t>(rank));
        for (int i = 0; i < rank; ++i) to_.number(dims[i]);
        to_.number(count);
        to_.bytes(cells.data(), count * sizeof(float));
    }

    void attributes(hid_t subject) {
        std::vector<std::string> names;
        hsize_t place = 0;
        if (H5Aiterate2(subject, H5_INDEX_NAME, H5_ITER_INC, &place, collect_attribute, &names) < 0)
            throw problem{"the attributes of a group cannot be read"};
        for (const std::string& name : names) {
            const handle attribute(H5Aopen(subject, name.c_str(), H5P_DEFAULT), H5Aclose);
            if (!attribute.good()) throw problem{"an attribute of it cannot be read"};
            const handle type(H5Aget_type(attribute), H5Tclose);
            const handle space(H5Aget_space(attribute), H5Sclose);
            if (!type.good() || !space.good()) throw problem{"an attribute of it cannot be read"};
            if (H5Tget_class(type) == H5T_STRING) texts(attribute, type, space, name);
        }
    }

    void send_text(const std::string& name, std::string_view value) {
        texts_ += value.size() + 1;
        if (texts_ > most_text) throw problem{"it has more than 64 MB of text"};
        to_.kind(record::text);
        to_.string(name);
        to_.string(value);
    }

    void texts(hid_t attribute, hid_t type, hid_t space, const std::string& name) {
        const hssize_t found = H5Sget_simple_extent_npoints(space);
        if (found < 0 || found > static_cast<hssize_t>(most_objects))
            throw problem{"an attribute of it has too many texts"};
        const auto count = static_cast<std::size_t>(found);
        if (count == 0) return;
        if (H5Tis_variable_str(type) > 0) {
            const handle wanted(H5Tcopy(H5T_C_S1), H5Tclose);
            H5Tset_size(wanted, H5T_VARIABLE);
            H5Tset_cset(wanted, H5Tget_cset(type));
            std::vector<char*> values(count);
            if (H5Aread(attribute, wanted, values.data()) < 0)
                throw problem{"a text of it cannot be read"};
            for (const char* value : values)
                send_text(name, value == nullptr ? std::string_view{} : value);
            return; // the memory goes with the process
        }
        const std::size_t size = H5Tget_size(type);
        if (size == 0 || size > most_text / count) throw problem{"a text of it is too long"};
        std::vector<char> values(size * count);
        if (H5Aread(attribute, type, values.data()) < 0)
            throw problem{"a text of it cannot be read"};
        for (std::size_t i = 0; i < count; ++i) {
            const char* value = values.data() + i * size;
            send_text(name, {value, strnlen(value, size)});
        }
    }

    std::size_t file_bytes_;
    sender& to_;
    std::size_t objects_ = 0;
    std::size_t texts_ = 0;
    std::uint64_t cells_ = 0;
};

void send_all(std::string_view bytes, sender& to) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0); // no code from elsewhere for filters
    const handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    std::vector<char> image(bytes.begin(), bytes.end()); // the library wants to own or copy it
    if (!access.good() || H5Pset_fapl_core(access, std::size_t{64} << 10, false) < 0 ||
        H5Pset_file_image(access, image.data(), image.size()) < 0)
        throw problem{"there is not enough memory for it"};
    const handle file(H5Fopen("model.h5", H5F_ACC_RDONLY, access), H5Fclose);
    if (!file.good()) throw problem{"it is no HDF5 file, or a damaged or truncated one"};
    const handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
    if (!root.good()) throw problem{"its root cannot be read"};
    walker{bytes.size(), to}.group(root, "", 0);
    to.kind(record::end);
}

} // namespace

void send_h5(std::string_view bytes, int to) noexcept {
    sender out(to);
    try {
        try {
            send_all(bytes, out);
        } catch (const problem& found) {
            out.kind(record::problem);
            out.string(found.what);
        } catch (const std::exception&) {
            out.kind(record::problem);
            out.string("there is not enough memory for it");
        }
    } catch (...) { // nobody listens
    }
}

} // namespace ctnn::tool::from_keras
