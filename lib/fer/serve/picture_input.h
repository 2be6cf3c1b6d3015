// Reads the pictures of a request in one of three forms.
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
  std::string name;   // given by the client; otherwise "picture"
  std::string bytes;  // of its file
};

struct PictureInput {
  std::vector<Picture> pictures;  // at least one
  PredictParameters parameters;   // of the query, then of the body's fields
  bool single = false;            // the body was the picture itself
};

// Reads the body: a picture (image/*), a form (multipart/form-data: a part with a file name is a
// picture, every other one a parameter), or JSON: {"picture": BASE64} or {"pictures": [BASE64 or
// {"name", "data": BASE64}, …]}, with parameters beside it. Takes the body. @throws Problem for
// everything else.
PictureInput picture_input(Request& request, std::size_t most);

// Whether picture_input() reads this type, for a check before the body has come.
bool carries_pictures(std::string_view content_type);
inline constexpr const char* kPictureTypes = "image/*, multipart/form-data, application/json";

// The bytes of BASE64 or of data:image/…;base64,BASE64. Refuses paths and addresses. @throws
// Problem naming `part`.
std::string picture_of_text(const nlohmann::json& value, const std::string& part);

}  // namespace fer::serve
