#include "fer/tensors/safetensors.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"

namespace fer::tensors {

namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostHeaderBytes = 16u << 20;
constexpr std::size_t kMostTensors = 10'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 48;  // more bytes than any file has
constexpr int kHeaderDepth = 3;  // object > tensor object > shape array

struct DtypeName {
  std::string_view name;
  at::ScalarType type;
};

constexpr std::array<DtypeName, 9> kDtypes = {{
    {"F64", at::kDouble},
    {"F32", at::kFloat},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"BOOL", at::kBool},
}};

std::optional<at::ScalarType> dtype_named(const std::string& name) {
  for (const DtypeName& dtype : kDtypes) {
    if (dtype.name == name) return dtype.type;
  }
  return std::nullopt;
}

std::string name_of(at::ScalarType type) {
  for (const DtypeName& dtype : kDtypes) {
    if (dtype.type == type) return std::string(dtype.name);
  }
  throw Error(std::string("tensors of type ") + at::toString(type) +
              " cannot be stored as safetensors");
}

// A tensor as the header describes it.
struct Description {
  std::string name;
  at::ScalarType dtype;
  std::vector<std::int64_t> shape;
  std::size_t begin, end;  // in the data
};

enum class Storage { copied, mapped };

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : path_(path.string()), file_(std::make_shared<const MappedFile>(path)) {}

  Safetensors read(Storage storage) {
    const json header = parse_header();
    Safetensors content;
    std::vector<Description> descriptions;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        content.metadata = read_metadata(entry);
      } else {
        descriptions.push_back(read_description(name, entry));
      }
    }
    // Before the first copy: overlapping tensors must not multiply the memory a file can ask for.
    check_coverage(descriptions);
    for (const Description& tensor : descriptions) {
      content.tensors[tensor.name] = storage == Storage::mapped ? view(tensor) : copy(tensor);
    }
    return content;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(path_ + ": is no valid safetensors file: " + what);
  }

  // Sorts by place in the file.
  void check_coverage(std::vector<Description>& tensors) const {
    std::sort(tensors.begin(), tensors.end(), [](const Description& a, const Description& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::size_t end = 0;
    for (const Description& tensor : tensors) {
      if (tensor.begin != end) {
        fail("tensor " + quote(tensor.name) + " starts at data byte " +
             std::to_string(tensor.begin) + " where the one before ends at " + std::to_string(end) +
             "; tensors must take each byte once");
      }
      end = tensor.end;
    }
    if (end != data_.size()) {
      fail("its tensors take " + std::to_string(end) + " of " + std::to_string(data_.size()) +
           " data bytes; they must take each byte once");
    }
  }

  json parse_header() {
    const std::string_view bytes = file_->bytes();
    if (bytes.size() < kLengthBytes) {
      fail("it has " + std::to_string(bytes.size()) + " bytes; a header needs at least 8");
    }
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kMostHeaderBytes || length > bytes.size() - kLengthBytes) {
      fail("it is cut short, or another kind of file: its header claims " + std::to_string(length) +
           " bytes; the file has " + std::to_string(bytes.size() - kLengthBytes) +
           " after the length, and at most " + std::to_string(kMostHeaderBytes) + " are allowed");
    }
    const std::string_view text = bytes.substr(kLengthBytes, length);
    data_ = bytes.substr(kLengthBytes + length);
    json header = parse_json(text);
    if (!header.is_object()) fail("its header is not a JSON object");
    if (header.size() > kMostTensors) {
      fail("it lists " + std::to_string(header.size()) + " tensors; allowed: at most " +
           std::to_string(kMostTensors));
    }
    return header;
  }

  json parse_json(std::string_view text) const {
    // Refuses deep nesting while parsing, before a tree of it is built.
    const auto shallow = [this](int depth, json::parse_event_t event, json&) {
      const bool opens =
          event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
      if (opens && depth >= kHeaderDepth) fail("its header is nested too deeply");
      return true;
    };
    try {
      return json::parse(text, shallow);
    } catch (const json::exception&) {
      fail("its header is not JSON");
    }
  }

  std::map<std::string, std::string> read_metadata(const json& entry) const {
    std::map<std::string, std::string> metadata;
    if (!entry.is_object()) fail("__metadata__ is not an object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("metadata " + quote(key) + " is not a text");
      metadata[key] = value.get<std::string>();
    }
    return metadata;
  }

  // A list of whole numbers, each in [0, limit].
  std::vector<std::int64_t> read_numbers(const std::string& tensor, const json& entry,
                                         const char* key, std::uint64_t limit) const {
    const auto found = entry.find(key);
    if (found == entry.end() || !found->is_array() || found->size() > kMostDimensions) {
      fail("tensor " + quote(tensor) + " has no valid " + key);
    }
    std::vector<std::int64_t> numbers;
    for (const json& number : *found) {
      if (!number.is_number_unsigned() || number.get<std::uint64_t>() > limit) {
        fail("tensor " + quote(tensor) + ": " + key + " holds " + quote(number.dump()) +
             "; allowed: 0 to " + std::to_string(limit));
      }
      numbers.push_back(number.get<std::int64_t>());
    }
    return numbers;
  }

  Description read_description(const std::string& name, const json& entry) const {
    if (!entry.is_object()) fail("tensor " + quote(name) + " is not described by an object");
    const auto dtype_entry = entry.find("dtype");
    const bool has_dtype = dtype_entry != entry.end() && dtype_entry->is_string();
    const auto dtype = has_dtype ? dtype_named(dtype_entry->get<std::string>()) : std::nullopt;
    if (!dtype) fail("tensor " + quote(name) + " has no dtype that is known");
    const auto shape = read_numbers(name, entry, "shape", kMostElements);
    const auto offsets = read_numbers(name, entry, "data_offsets", kMostElements);
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      fail("tensor " + quote(name) + ": data_offsets must be [begin, end]");
    }
    if (static_cast<std::uint64_t>(offsets[1]) > data_.size()) {
      fail("is cut off: tensor " + quote(name) + " ends at byte " + std::to_string(offsets[1]) +
           " of " + std::to_string(data_.size()) + " that are there");
    }
    const auto bytes = static_cast<std::uint64_t>(offsets[1] - offsets[0]);
    if (bytes_needed(shape, at::elementSize(*dtype)) != bytes) {
      fail("tensor " + quote(name) + ": its shape does not fit its " + std::to_string(bytes) +
           " bytes");
    }
    return {name, *dtype, shape, static_cast<std::size_t>(offsets[0]),
            static_cast<std::size_t>(offsets[1])};
  }

  std::string_view bytes_of(const Description& description) const {
    const std::string_view bytes =
        data_.substr(description.begin, description.end - description.begin);
    // Any other byte in a bool is undefined behaviour for whoever reads it.
    const auto is_bool = [](char byte) { return byte == 0 || byte == 1; };
    if (description.dtype == at::kBool && !std::all_of(bytes.begin(), bytes.end(), is_bool)) {
      fail("tensor " + quote(description.name) + ": a BOOL in it is neither 0 nor 1");
    }
    return bytes;
  }

  at::Tensor copy(const Description& description) const {
    const std::string_view bytes = bytes_of(description);
    at::Tensor tensor = at::empty(description.shape, description.dtype);
    if (!bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
    return tensor;
  }

  at::Tensor view(const Description& description) const {
    const std::string_view bytes = bytes_of(description);
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    if (bytes.empty() || address % at::elementSize(description.dtype) != 0) {
      return copy(description);
    }
    // LibTorch has no tensors over constant data; the pages are read-only all the same.
    auto* data = const_cast<char*>(bytes.data());
    return at::from_blob(
        data, description.shape, [map = file_](void*) mutable { map.reset(); },
        at::TensorOptions(description.dtype));
  }

  // Above what any file has where a product would grow beyond that, one with a zero in it too: even
  // a tensor of no elements has strides, which must not overflow.
  static std::uint64_t bytes_needed(const std::vector<std::int64_t>& shape, std::size_t size) {
    std::uint64_t strides = size, bytes = size;
    for (const std::int64_t extent : shape) {
      const auto factor = static_cast<std::uint64_t>(extent);
      if (strides > kMostElements / std::max<std::uint64_t>(factor, 1)) return kMostElements;
      strides *= std::max<std::uint64_t>(factor, 1);
      bytes *= factor;
    }
    return bytes;
  }

  std::string path_;
  std::shared_ptr<const MappedFile> file_;
  std::string_view data_;
};

struct Entry {
  std::string name;
  at::Tensor tensor;
};

// Larger elements first, so that each tensor's data is aligned to its own element size.
std::vector<Entry> in_file_order(const std::map<std::string, at::Tensor>& tensors) {
  std::vector<Entry> entries;
  for (const auto& [name, tensor] : tensors) {
    entries.push_back({name, tensor.detach().to(at::kCPU).contiguous()});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.tensor.element_size() > b.tensor.element_size();
  });
  return entries;
}

// Strictly: two names that differ in bytes that are no UTF-8 must not become one.
std::string dump(const json& header, const std::filesystem::path& path) {
  try {
    return header.dump();
  } catch (const json::exception&) {
    throw Error(path.string() + ": cannot be written: a name or its metadata is not UTF-8");
  }
}

}  // namespace

Safetensors read_safetensors(const std::filesystem::path& path) {
  return Reader(path).read(Storage::copied);
}

Safetensors map_safetensors(const std::filesystem::path& path) {
  return Reader(path).read(Storage::mapped);
}

bool starts_like_safetensors(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, kLengthBytes + 1> start{};
  if (!file.read(start.data(), static_cast<std::streamsize>(start.size()))) return false;
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), kLengthBytes);
  return length > 0 && length <= kMostHeaderBytes && start.back() == '{';
}

void write_safetensors(const std::filesystem::path& path, const Safetensors& content) {
  const std::vector<Entry> entries = in_file_order(content.tensors);
  json header = json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::size_t offset = 0;
  for (const Entry& entry : entries) {
    const std::size_t end = offset + entry.tensor.nbytes();
    header[entry.name] = {{"dtype", name_of(entry.tensor.scalar_type())},
                          {"shape", entry.tensor.sizes().vec()},
                          {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = dump(header, path);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  // Before anything is replaced by a file that could not be read back.
  if (text.size() > kMostHeaderBytes) {
    throw Error(path.string() + ": cannot be written: its header would have " +
                std::to_string(text.size()) + " bytes; " + std::to_string(kMostHeaderBytes) +
                " are allowed");
  }
  const std::uint64_t length = text.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&length), kLengthBytes});
  file.write(text);
  for (const Entry& entry : entries) {
    file.write({static_cast<const char*>(entry.tensor.const_data_ptr()), entry.tensor.nbytes()});
  }
  file.commit();
}

}  // namespace fer::tensors
