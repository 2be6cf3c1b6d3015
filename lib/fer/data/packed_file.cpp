#include "fer/data/packed_file.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/file_kind.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/random_access_file.h"
#include "fer/core/safetensors_file.h"
#include "fer/core/text.h"
#include "fer/data/pack_set.h"
#include "fer/data/votes.h"
#include "fer/tensors/face_images.h"
#include "fer/tensors/safetensors.h"

namespace fer::data {

namespace {

using nlohmann::json;

const std::string kFormat = std::string(kPackedFormat) + "1";
constexpr const char* kExtension = ".safetensors";

// "Byte [3, 48, 48]"
std::string describe_tensor(StoredType type, const std::vector<std::int64_t>& shape) {
  std::ostringstream text;
  text << at::toString(tensors::type_of(type)) << ' ' << at::IntArrayRef(shape);
  return text.str();
}

// Reads one file; its errors name the file.
class PackedReader {
 public:
  explicit PackedReader(const std::filesystem::path& path)
      : path_(path.string()),
        file_(std::make_shared<const RandomAccessFile>(path)),
        table_(read_safetensors_table(*file_)) {}

  FaceSet read() const {
    check_format();
    const std::int64_t count = image_count();
    FaceSet set;
    set.source = path_;
    set.label_set = read_labels();
    const FaceFormat format = image_format();
    const StoredTensor& images = stored("images", StoredType::u8, tensors::sizes_of(format, count));
    set.images = Images(file_, table_.data_begin + images.begin, count, format);
    set.labels = tensor("labels", StoredType::i64, {count});
    set.splits = tensor("splits", StoredType::u8, {count});
    check_values<std::int64_t>("labels", set.labels,
                               static_cast<std::int64_t>(set.label_set.size()) - 1);
    check_values<std::uint8_t>("splits", set.splits, static_cast<std::int64_t>(Split::none));
    if (find("votes") != nullptr) {
      set.votes = tensor("votes", StoredType::u8, {count, static_cast<std::int64_t>(kVoteColumns)});
      check_values<std::uint8_t>("votes", set.votes, kMostVotes);
    }
    return set;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(path_ + ": is not a valid packed data set: " + what);
  }

  void check_format() const {
    const auto format = table_.metadata.find("format");
    if (format != table_.metadata.end() && format->second == kFormat) return;
    check_own_file(path_, table_.metadata, OwnFile::packed_set);
    throw Error(path_ + ": is not a packed set of images: metadata 'format' is " +
                (format == table_.metadata.end() ? "missing" : quote(format->second)) +
                "; allowed: '" + kFormat + "'");
  }

  const StoredTensor* find(std::string_view name) const {
    const auto found = std::find_if(table_.tensors.begin(), table_.tensors.end(),
                                    [&](const StoredTensor& there) { return there.name == name; });
    return found == table_.tensors.end() ? nullptr : &*found;
  }

  // The number of images, which the other tensors must match.
  std::int64_t image_count() const {
    const StoredTensor* found = find("images");
    if (found == nullptr) fail("it has no tensor 'images'");
    if (found->shape.empty() || found->shape.front() == 0) fail("it holds no images");
    return found->shape.front();
  }

  // The format by the shape of the images, if it is a data format; otherwise FER2013's, which the
  // check then finds missing.
  FaceFormat image_format() const {
    const std::vector<std::int64_t>& shape = find("images")->shape;
    const bool colours = shape.size() == 4 && shape[3] == 3;
    if ((shape.size() != 3 && !colours) || shape[1] != shape[2] || shape[1] < kLeastFaceSide ||
        shape[1] > kMostFaceSide) {
      return {};
    }
    const auto side = static_cast<int>(shape[1]);
    return {side, side, colours ? Colour::rgb : Colour::grey};
  }

  const StoredTensor& stored(const std::string& name, StoredType type,
                             const std::vector<std::int64_t>& shape) const {
    const StoredTensor* there = find(name);
    if (there == nullptr) fail("it has no tensor '" + name + "'");
    if (there->type != type || there->shape != shape) {
      fail("tensor '" + name + "' is " + describe_tensor(there->type, there->shape) +
           "; needed: " + describe_tensor(type, shape));
    }
    return *there;
  }

  at::Tensor tensor(const std::string& name, StoredType type,
                    const std::vector<std::int64_t>& shape) const {
    const StoredTensor& there = stored(name, type, shape);
    at::Tensor values = at::empty(shape, tensors::type_of(type));
    file_->read(table_.data_begin + there.begin,
                {static_cast<std::uint8_t*>(values.mutable_data_ptr()), values.nbytes()});
    return values;
  }

  template <class T>
  void check_values(const char* name, const at::Tensor& values, std::int64_t most) const {
    const T* data = values.const_data_ptr<T>();
    const std::int64_t row_length = values.numel() / values.size(0);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
      const auto value = static_cast<std::int64_t>(data[i]);
      if (value >= 0 && value <= most) continue;
      fail(std::string("tensor '") + name + "' holds " + std::to_string(value) + " for image " +
           std::to_string(i / row_length) + "; allowed: 0 to " + std::to_string(most));
    }
  }

  LabelSet read_labels() const {
    const auto found = table_.metadata.find("labels");
    const std::string text = found == table_.metadata.end() ? "" : found->second;
    const json names = parse_json(text);
    if (!names.is_array() || names.size() > LabelSet::kMaxClasses) {
      fail("metadata 'labels' is " + quote(text) + "; a JSON list of class names is expected");
    }
    try {
      return LabelSet(names.get<std::vector<std::string>>());
    } catch (const std::exception& error) {
      fail(std::string("metadata 'labels': ") + error.what());
    }
  }

  std::string path_;
  std::shared_ptr<const RandomAccessFile> file_;
  SafetensorsTable table_;
};

}  // namespace

bool is_packed_file(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) return false;
  return to_lower(path.extension().string()) == kExtension || starts_like_safetensors(path);
}

SafetensorsLayout packed_layout(const std::filesystem::path& path, const FaceSet& set,
                                std::int64_t count) {
  if (!is_data_format(set.images.format())) {
    throw Error(set.source + ": has images of " + text_of(set.images.format()) +
                "; allowed in a packed file: squares of " + std::to_string(kLeastFaceSide) +
                " to " + std::to_string(kMostFaceSide) + " pixels a side, grey or rgb");
  }
  const std::map<std::string, std::string> metadata = {
      {"format", kFormat},
      {"labels", json_text(set.label_set.names())},
      // A path may be any bytes, metadata may not.
      {"source", is_utf8(set.source) ? set.source : quote(set.source, 4096)}};
  std::vector<StoredTensor> tensors = {
      {"images", StoredType::u8, tensors::sizes_of(set.images.format(), count)},
      {"labels", StoredType::i64, {count}},
      {"splits", StoredType::u8, {count}}};
  if (set.votes.defined()) {
    tensors.push_back({"votes", StoredType::u8, {count, static_cast<std::int64_t>(kVoteColumns)}});
  }
  return safetensors_layout(path, metadata, std::move(tensors));
}

void write_packed_file(const std::filesystem::path& path, const FaceSet& set) {
  SilentLog silent;
  const std::atomic<bool> goes_on{false};
  pack_set(path, set, {.existing = Existing::replaced}, silent, goes_on);
}

FaceSet read_packed_file(const std::filesystem::path& path) { return PackedReader(path).read(); }

}  // namespace fer::data
