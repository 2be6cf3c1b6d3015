// The pictures of a request, in whichever of three ways they come.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fer/serve/config.h"
#include "fer/serve/exchange.h"
#include "fer/serve/parameters.h"

namespace fer::serve {

struct Picture {
  std::string name;   // that the client gave it; "picture" where it gave none
  std::string bytes;  // of its file
};

struct PictureInput {
  std::vector<Picture> pictures;  // at least one
  PredictParameters parameters;   // of the query, then of the body's fields
  bool single = false;            // the body was the picture itself
};

// Reads the body: a picture (image/*), a form (multipart/form-data: a part with a file name is a
// picture, every other one a parameter), or JSON: {"picture": BASE64} or {"pictures": [BASE64 or
// {"name", "data": BASE64}, …]}, with parameters beside it. The body is taken. @throws Problem for
// everything else.
PictureInput picture_input(Request& request, std::size_t most);

// The types that picture_input reads, for a look before the body is there.
bool carries_pictures(std::string_view content_type);
inline constexpr const char* kPictureTypes = "image/*, multipart/form-data, application/json";

// The bytes of BASE64 or of data:image/…;base64,BASE64. Never a path or an address: those are
// refused. @throws Problem naming `part`.
std::string picture_of_text(const nlohmann::json& value, const std::string& part);

}  // namespace fer::serve
