// Whether a JPEG without its end marker has lost pixels, or nothing but the marker.
#pragma once

#include <string_view>

namespace fer {

// Whether the bytes hold the data of every pixel. Decodes them, but makes no picture; asks for memory
// for as many pixels as the header says, which the caller has bounded. False where they are no JPEG.
bool has_all_jpeg_pixels(std::string_view bytes);

}  // namespace fer
