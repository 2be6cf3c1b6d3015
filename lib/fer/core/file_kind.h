// What files are that people give where another kind is wanted, for messages that say so.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace fer {

// The safetensors files of this toolkit, each known by its metadata.
enum class OwnFile { model, packed_set, checkpoint };

// What the metadata "format" begins with; a version follows. Models have no such text.
inline constexpr std::string_view kPackedFormat = "fer faces ";
inline constexpr std::string_view kCheckpointFormat = "fer checkpoint ";

// @throws fer::Error where the metadata say that the file is another of these: "PATH: is a packed
// set of images, not a model". The files of others pass.
void check_own_file(const std::string& path, const std::map<std::string, std::string>& metadata,
                    OwnFile wanted);

// As many bytes as kind_of_content looks at.
inline constexpr std::size_t kKindBytes = 512;

// What a file is that begins so, "a PNG picture"; empty where it is not known. Texts are known as
// "a text file", but for JSON and web pages, which are told apart.
std::string_view kind_of_content(std::string_view start);
inline constexpr std::string_view kTextFile = "a text file";

}  // namespace fer
