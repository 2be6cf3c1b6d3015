// The one parser of safetensors files (github.com/huggingface/safetensors, format 1): an 8-byte
// header length, a JSON header, then raw little-endian tensor data. It knows no tensor library.
// Nothing in such a file is ever executed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/files.h"
#include "fer/core/random_access_file.h"

namespace fer {

// Longest header that is read or written.
inline constexpr std::size_t kMostSafetensorsHeader = 16u << 20;

enum class StoredType { f64, f32, f16, bf16, i64, i32, i8, u8, boolean };

// "F32", as the header writes it.
std::string_view name_of(StoredType type);
std::size_t bytes_of(StoredType type);

// A tensor as the header describes it.
struct StoredTensor {
  std::string name;
  StoredType type = StoredType::f32;
  std::vector<std::int64_t> shape;
  std::size_t begin = 0, end = 0;  // bytes of the data

  std::int64_t count() const;  // of its numbers
};

// The content of a header.
struct SafetensorsTable {
  std::map<std::string, std::string> metadata;
  std::vector<StoredTensor> tensors;  // by their place in the file
  std::size_t data_begin = 0;         // bytes of the file before the data
};

// Reads the header alone, for files that may be larger than memory. @throws fer::Error as
// SafetensorsFile does.
SafetensorsTable read_safetensors_table(const RandomAccessFile& file);

// A file that stays mapped for as long as a copy of this lives. Copies share the mapping; reading
// from several threads is fine.
class SafetensorsFile {
 public:
  // Every size is checked against the file before anything is allocated. @throws fer::Error that
  // names the file and what is wrong with it: shorter than its header says, header that is no JSON
  // object of the expected shape, unknown dtype, offsets outside the data, shape that does not fit
  // its bytes, tensors that overlap or leave bytes over.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::string& path() const { return path_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // Sorted by their place in the file.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  const StoredTensor* find(std::string_view name) const;  // null: there is none

  // The data as it lies in the file, aligned to nothing in particular. @throws fer::Error for a
  // BOOL that is neither 0 nor 1.
  std::string_view bytes(const StoredTensor& tensor) const;

  // The numbers of a tensor of F64, F32, F16 or BF16, row-major, as floats; a double that is too
  // large becomes infinite. @throws fer::Error for other types.
  std::vector<float> floats(const StoredTensor& tensor) const;

  // Keeps the file mapped while it lives.
  std::shared_ptr<const MappedFile> mapping() const { return file_; }

 private:
  std::string path_;
  std::shared_ptr<const MappedFile> file_;
  std::string_view data_;
  std::map<std::string, std::string> metadata_;
  std::vector<StoredTensor> tensors_;
};

// Whether the file starts as every safetensors file does: a plausible header length, then `{`.
bool starts_like_safetensors(const std::filesystem::path& path);

}  // namespace fer
