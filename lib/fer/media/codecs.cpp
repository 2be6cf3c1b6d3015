#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"
#include "fer/image/opencv_quiet.h"
#include "fer/media/tables.h"

namespace fer::media {

cv::Mat decode_picture(std::string_view bytes) {
  // imdecode does not write to its input; Mat has no view of constant bytes.
  const cv::Mat view(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<char*>(bytes.data()));
  return cv::imdecode(view, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

bool encode_picture(const std::string& ending, const cv::Mat& picture,
                    std::vector<unsigned char>& bytes) {
  return cv::imencode(ending, picture, bytes);
}

cv::Mat read_avif(const std::filesystem::path& path) {
  image::silence_opencv();
  cv::Mat picture;
  try {
    // FFmpeg would take a name with a colon for a protocol.
    cv::VideoCapture file("file:" + path.string(), cv::CAP_FFMPEG);
    file.set(cv::CAP_PROP_ORIENTATION_AUTO, 0);  // newer FFmpegs export it, and it is applied once
    const double pixels = file.get(cv::CAP_PROP_FRAME_WIDTH) * file.get(cv::CAP_PROP_FRAME_HEIGHT);
    if (pixels > static_cast<double>(image::kMaxImagePixels)) {
      throw Error(path.string() + ": has " + fixed(pixels, 0) + " pixels; at most " +
                  grouped(image::kMaxImagePixels) + " are allowed");
    }
    file.read(picture);
  } catch (const cv::Exception& failure) {
    throw Error(path.string() + ": is a broken picture: " + failure.err);
  }
  if (picture.empty() || picture.type() != CV_8UC3) {
    throw Error(path.string() +
                ": cannot be decoded: it is a broken AVIF picture, or this OpenCV has "
                "no FFmpeg that reads AVIF");
  }
  return picture.clone();  // the capture owns the memory
}

}  // namespace fer::media
