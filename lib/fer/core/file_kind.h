// Recognises files of another kind than the wanted one, for messages that name the kind.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace fer {

// The kinds of safetensors files that fer writes; their metadata tell them apart.
enum class OwnFile { model, packed_set, checkpoint };

// The start of the metadata "format"; a version follows. Models have no such text.
inline constexpr std::string_view kPackedFormat = "fer faces ";
inline constexpr std::string_view kCheckpointFormat = "fer checkpoint ";

// @throws fer::Error if the metadata are those of another kind than `wanted`: "PATH: is a packed
// set of images, not a model". Files of unknown kind pass.
void check_own_file(const std::string& path, const std::map<std::string, std::string>& metadata,
                    OwnFile wanted);

// The number of bytes that kind_of_content() reads.
inline constexpr std::size_t kKindBytes = 512;

// The kind of a file with this start, such as "a PNG picture"; empty if unknown. Any text except
// JSON and web pages is "a text file".
std::string_view kind_of_content(std::string_view start);
inline constexpr std::string_view kTextFile = "a text file";

}  // namespace fer
