#include "fer/core/safetensors_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/file_kind.h"
#include "fer/core/half.h"
#include "fer/core/text.h"

namespace fer {

namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostTensors = 10'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 48;  // more bytes than any file has
constexpr int kHeaderDepth = 3;  // object > tensor object > shape array

struct TypeRow {
  std::string_view name;
  std::size_t bytes;
};

// In the order of StoredType.
constexpr std::array<TypeRow, 9> kTypes = {{
    {"F64", 8},
    {"F32", 4},
    {"F16", 2},
    {"BF16", 2},
    {"I64", 8},
    {"I32", 4},
    {"I8", 1},
    {"U8", 1},
    {"BOOL", 1},
}};

std::optional<StoredType> type_named(const std::string& name) {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (kTypes[i].name == name) return static_cast<StoredType>(i);
  }
  return std::nullopt;
}

// The tensor's size in bytes, or kMostElements where its strides are larger than that. The strides
// of an empty tensor must not overflow, either, so a zero in the shape hides no large side.
std::uint64_t bytes_needed(const std::vector<std::int64_t>& shape, std::size_t size) {
  std::uint64_t strides = size, bytes = size;
  for (const std::int64_t extent : shape) {
    const auto factor = static_cast<std::uint64_t>(extent);
    if (strides > kMostElements / std::max<std::uint64_t>(factor, 1)) return kMostElements;
    strides *= std::max<std::uint64_t>(factor, 1);
    bytes *= factor;
  }
  return bytes;
}

// Reads the header of one file; its errors name the file. `start`: the file's first bytes, the
// whole header where it has one; `size`: of the whole file.
class HeaderReader {
 public:
  HeaderReader(const std::string& path, std::string_view start, std::size_t size)
      : path_(path), bytes_(start), size_(size) {}

  SafetensorsTable read() {
    const json header = parse();
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        table_.metadata = read_metadata(entry);
      } else {
        table_.tensors.push_back(read_tensor(name, entry));
      }
    }
    check_coverage();
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(path_ + ": is not a valid safetensors file: " + what);
  }

  std::size_t data_bytes() const { return size_ - table_.data_begin; }

  // Overlapping tensors would multiply the memory a file can ask for.
  void check_coverage() {
    std::vector<StoredTensor>& tensors = table_.tensors;
    std::sort(tensors.begin(), tensors.end(), [](const StoredTensor& a, const StoredTensor& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::size_t end = 0;
    for (const StoredTensor& tensor : tensors) {
      if (tensor.begin != end) {
        fail("tensor " + quote(tensor.name) + " starts at data byte " +
             std::to_string(tensor.begin) + " where the one before ends at " + std::to_string(end) +
             "; tensors must take each byte once");
      }
      end = tensor.end;
    }
    if (end != data_bytes()) {
      fail("its tensors take " + std::to_string(end) + " of " + std::to_string(data_bytes()) +
           " data bytes; they must take each byte once");
    }
  }

  [[noreturn]] void fail_as_other_file() const {
    constexpr std::string_view kNeeded = "a safetensors file, in which models are kept";
    if (bytes_.empty()) throw Error(path_ + ": is empty; it should be " + std::string(kNeeded));
    const std::string kind(kind_of_content(bytes_));
    throw Error(path_ + ": is " + (kind.empty() ? "" : kind + ", ") + "not " +
                std::string(kNeeded) + (kind.empty() ? ", or is damaged" : ""));
  }

  json parse() {
    std::uint64_t length = 0;
    const bool has_length = bytes_.size() >= kLengthBytes;
    if (has_length) std::memcpy(&length, bytes_.data(), kLengthBytes);
    if (!has_length || length > kMostSafetensorsHeader) fail_as_other_file();
    if (length > size_ - kLengthBytes) {
      if (bytes_.substr(kLengthBytes).starts_with('{')) {
        throw Error(path_ + ": is cut short: it has " + std::to_string(size_) +
                    " bytes, and its table of contents alone takes " +
                    std::to_string(kLengthBytes + length));
      }
      fail_as_other_file();
    }
    table_.data_begin = kLengthBytes + length;
    json header = parse_json(bytes_.substr(kLengthBytes, length));
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
    std::map<std::string, std::string> texts;
    if (!entry.is_object()) fail("__metadata__ is not an object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("metadata " + quote(key) + " is not a text");
      texts[key] = value.get<std::string>();
    }
    return texts;
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

  StoredTensor read_tensor(const std::string& name, const json& entry) const {
    if (!entry.is_object()) fail("tensor " + quote(name) + " is not described by an object");
    const auto type_entry = entry.find("dtype");
    const bool has_type = type_entry != entry.end() && type_entry->is_string();
    const auto type = has_type ? type_named(type_entry->get<std::string>()) : std::nullopt;
    if (!type) fail("tensor " + quote(name) + " has no dtype that is known");
    const auto shape = read_numbers(name, entry, "shape", kMostElements);
    const auto offsets = read_numbers(name, entry, "data_offsets", kMostElements);
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      fail("tensor " + quote(name) + ": data_offsets must be [begin, end]");
    }
    if (static_cast<std::uint64_t>(offsets[1]) > data_bytes()) {
      fail("is cut off: tensor " + quote(name) + " ends at byte " + std::to_string(offsets[1]) +
           " of " + std::to_string(data_bytes()) + " that are there");
    }
    const auto size = static_cast<std::uint64_t>(offsets[1] - offsets[0]);
    if (bytes_needed(shape, bytes_of(*type)) != size) {
      fail("tensor " + quote(name) + ": its shape does not fit its " + std::to_string(size) +
           " bytes");
    }
    return {name, *type, shape, static_cast<std::size_t>(offsets[0]),
            static_cast<std::size_t>(offsets[1])};
  }

  const std::string& path_;
  std::string_view bytes_;
  std::size_t size_;
  SafetensorsTable table_;
};

float float_of_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename Stored, typename Convert>
std::vector<float> converted(std::string_view bytes, const Convert& convert) {
  std::vector<float> numbers(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    numbers[i] = convert(stored);
  }
  return numbers;
}

}  // namespace

std::string_view name_of(StoredType type) { return kTypes[static_cast<std::size_t>(type)].name; }

std::size_t bytes_of(StoredType type) { return kTypes[static_cast<std::size_t>(type)].bytes; }

std::int64_t StoredTensor::count() const {
  return static_cast<std::int64_t>((end - begin) / bytes_of(type));
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : path_(path.string()), file_(std::make_shared<const MappedFile>(path)) {
  SafetensorsTable table = HeaderReader(path_, file_->bytes(), file_->bytes().size()).read();
  data_ = file_->bytes().substr(table.data_begin);
  metadata_ = std::move(table.metadata);
  tensors_ = std::move(table.tensors);
}

SafetensorsTable read_safetensors_table(const RandomAccessFile& file) {
  // Also enough to recognise other kinds of files.
  constexpr std::size_t kStart = 4096;
  std::string start(std::min(file.size(), kStart), '\0');
  const auto read = [&](std::size_t from) {
    file.read(from, {reinterpret_cast<std::uint8_t*>(start.data()) + from, start.size() - from});
  };
  read(0);
  std::uint64_t length = 0;
  if (start.size() > kLengthBytes) std::memcpy(&length, start.data(), kLengthBytes);
  if (length <= kMostSafetensorsHeader && kLengthBytes + length > start.size()) {
    const std::size_t before = start.size();
    start.resize(std::min<std::size_t>(file.size(), kLengthBytes + length));
    read(before);
  }
  return HeaderReader(file.path(), start, file.size()).read();
}

const StoredTensor* SafetensorsFile::find(std::string_view name) const {
  for (const StoredTensor& tensor : tensors_) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

std::string_view SafetensorsFile::bytes(const StoredTensor& tensor) const {
  const std::string_view bytes = data_.substr(tensor.begin, tensor.end - tensor.begin);
  // Reading any other byte as a bool is undefined behaviour.
  const auto is_bool = [](char byte) { return byte == 0 || byte == 1; };
  if (tensor.type == StoredType::boolean && !std::all_of(bytes.begin(), bytes.end(), is_bool)) {
    throw Error(path_ + ": is not a valid safetensors file: tensor " + quote(tensor.name) +
                ": a BOOL in it is neither 0 nor 1");
  }
  return bytes;
}

std::vector<float> SafetensorsFile::floats(const StoredTensor& tensor) const {
  const std::string_view stored = bytes(tensor);
  switch (tensor.type) {
    case StoredType::f64:
      return converted<double>(stored, [](double x) { return static_cast<float>(x); });
    case StoredType::f32:
      return converted<float>(stored, [](float x) { return x; });
    case StoredType::f16:
      return converted<std::uint16_t>(stored, from_half);
    case StoredType::bf16:
      return converted<std::uint16_t>(stored, float_of_bf16);
    default:
      throw Error(path_ + ": tensor " + quote(tensor.name) + " holds " +
                  std::string(name_of(tensor.type)) + "; floating-point numbers are expected");
  }
}

bool starts_like_safetensors(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, kLengthBytes + 1> start{};
  if (!file.read(start.data(), static_cast<std::streamsize>(start.size()))) return false;
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), kLengthBytes);
  return length > 0 && length <= kMostSafetensorsHeader && start.back() == '{';
}

}  // namespace fer
