// What the plug-in hands out: its parts, by the names of the rooms' tables (image/codecs.h,
// source/media_sources.h, output/media_outputs.h).
#pragma once

#include "fer/image/codecs.h"
#include "fer/output/media_outputs.h"
#include "fer/source/media_sources.h"

namespace fer::media {

cv::Mat decode_picture(std::string_view bytes);
bool encode_picture(const std::string& ending, const cv::Mat& picture,
                    std::vector<unsigned char>& bytes);
cv::Mat read_avif(const std::filesystem::path& path);

std::unique_ptr<source::Source> open_video(const std::string& path,
                                           const source::SourceOptions& options,
                                           const std::string& location);
std::unique_ptr<source::Source> open_stream(const std::string& url,
                                            const source::SourceOptions& options);
std::unique_ptr<source::Source> open_camera(const std::string& device,
                                            const source::SourceOptions& options);

std::unique_ptr<output::VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                         const cv::Size& size,
                                                         double frames_per_second);
std::unique_ptr<output::Window> open_window(const std::string& title,
                                            std::function<bool()> stopped);

}  // namespace fer::media
