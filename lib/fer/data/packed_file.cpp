#include "fer/data/packed_file.h"

#include <ATen/Functions.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/votes.h"
#include "fer/tensors/safetensors.h"

namespace fer::data {

namespace {

using nlohmann::json;

constexpr const char* kFormat = "fer faces 1";
constexpr const char* kExtension = ".safetensors";

// "Byte [3, 48, 48]"
std::string describe(at::ScalarType type, at::IntArrayRef shape) {
  std::ostringstream text;
  text << at::toString(type) << ' ' << shape;
  return text.str();
}

// Reads one file; its errors name the file.
class PackedReader {
 public:
  explicit PackedReader(const std::filesystem::path& path)
      : path_(path.string()), file_(tensors::map_safetensors(path)) {}

  FaceSet read() const {
    check_format();
    const std::int64_t count = image_count();
    FaceSet set;
    set.source = path_;
    set.label_set = read_labels();
    set.images = tensor("images", at::kByte, {count, kFaceSide, kFaceSide});
    // Copies: they are small, and the program changes splits.
    set.labels = tensor("labels", at::kLong, {count}).clone();
    set.splits = tensor("splits", at::kByte, {count}).clone();
    check_values<std::int64_t>("labels", set.labels,
                               static_cast<std::int64_t>(set.label_set.size()) - 1);
    check_values<std::uint8_t>("splits", set.splits, static_cast<std::int64_t>(Split::none));
    if (file_.tensors.contains("votes")) {
      const auto columns = static_cast<std::int64_t>(kVoteColumns);
      set.votes = tensor("votes", at::kByte, {count, columns}).clone();
      check_values<std::uint8_t>("votes", set.votes, kMostVotes);
    }
    return set;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(path_ + ": is not a valid packed data set: " + what);
  }

  void check_format() const {
    const auto format = file_.metadata.find("format");
    if (format != file_.metadata.end() && format->second == kFormat) return;
    if (file_.metadata.contains("architecture")) {
      throw Error(path_ + ": is a model, not a packed data set");
    }
    throw Error(path_ + ": is not a packed data set: metadata 'format' is " +
                (format == file_.metadata.end() ? "missing" : quote(format->second)) +
                "; allowed: '" + kFormat + "'");
  }

  // What the other tensors must agree with.
  std::int64_t image_count() const {
    const auto found = file_.tensors.find("images");
    if (found == file_.tensors.end()) fail("it has no tensor 'images'");
    if (found->second.dim() == 0 || found->second.size(0) == 0) fail("it holds no images");
    return found->second.size(0);
  }

  const at::Tensor& tensor(const std::string& name, at::ScalarType type,
                           const std::vector<std::int64_t>& shape) const {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) fail("it has no tensor '" + name + "'");
    const at::Tensor& there = found->second;
    if (there.scalar_type() != type || there.sizes() != at::IntArrayRef(shape)) {
      fail("tensor '" + name + "' is " + describe(there.scalar_type(), there.sizes()) +
           "; needed: " + describe(type, shape));
    }
    return there;
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
    const auto found = file_.metadata.find("labels");
    const std::string text = found == file_.metadata.end() ? "" : found->second;
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
  tensors::Safetensors file_;
};

}  // namespace

bool is_packed_file(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) return false;
  return to_lower(path.extension().string()) == kExtension || starts_like_safetensors(path);
}

void write_packed_file(const std::filesystem::path& path, const FaceSet& set) {
  tensors::Safetensors file;
  file.metadata = {{"format", kFormat},
                   {"labels", json_text(set.label_set.names())},
                   // A path may be any bytes, metadata may not.
                   {"source", is_utf8(set.source) ? set.source : quote(set.source, 4096)}};
  file.tensors = {{"images", set.images}, {"labels", set.labels}, {"splits", set.splits}};
  if (set.votes.defined()) file.tensors["votes"] = set.votes;
  tensors::write_safetensors(path, file);
}

FaceSet read_packed_file(const std::filesystem::path& path) { return PackedReader(path).read(); }

}  // namespace fer::data
