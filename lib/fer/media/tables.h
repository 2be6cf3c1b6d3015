// The tables that the plug-in libfer_media.so exports (image/codecs.h, source/plugin_sources.h,
// output/plugin_outputs.h).
#pragma once

#include "fer/image/codecs.h"
#include "fer/output/plugin_outputs.h"
#include "fer/source/plugin_sources.h"

namespace fer::media {

cv::Mat decode_picture(std::string_view bytes);
bool encode_picture(const std::string& ending, const cv::Mat& picture,
                    std::vector<unsigned char>& bytes);
cv::Mat read_avif(const std::filesystem::path& path);

std::unique_ptr<source::Source> open_camera(const std::string& device,
                                            const source::SourceOptions& options);

std::unique_ptr<output::Window> open_window(const std::string& title,
                                            std::function<bool()> stopped);

}  // namespace fer::media
