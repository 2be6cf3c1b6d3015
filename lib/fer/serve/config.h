// The configuration and the bounds of a service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/detect/open_detector.h"
#include "fer/infer/precision.h"
#include "fer/predict/face_crop.h"

namespace fer::serve {

// Each bound is checked before memory is allocated. Seconds are per phase of a connection.
struct Limits {
  std::size_t body = 10'000'000;           // bytes of a request's body, or of a frame of a stream
  std::size_t header = 16 * 1024;          // bytes of a request's line and headers
  std::size_t waiting_bodies = 256 << 20;  // bytes of all bodies in memory at a time
  std::size_t connections = 1000;          // that are open at a time
  std::size_t queue = 128;                 // requests in work or waiting
  std::size_t pictures = 64;               // of one request
  std::size_t crops = 4096;                // of one request
  std::size_t face_bytes = 64 << 20;       // of all faces of one request, in the model's format
  std::int64_t pixels = 25'000'000;        // of a picture
  std::size_t faces = 100;                 // of a picture
  std::size_t streams = 8;                 // that are open at a time
  double header_s = 10.0;    // from the first byte of a request to the end of its headers
  double body_s = 30.0;      // from there to the end of its body
  double idle_s = 60.0;      // between two requests, or two frames of a stream
  double write_s = 30.0;     // until the client has taken an answer
  double request_s = 30.0;   // from the end of the body to the answer
  double stream_s = 3600.0;  // from the beginning of a stream to its end
  double drain_s = 30.0;     // for requests in progress when the service is to stop
};

struct Config {
  std::string address = "127.0.0.1";
  int port = 8420;                   // 0: any free one
  std::string token;                 // required in requests; empty: none
  std::vector<std::string> origins;  // of other pages whose scripts are allowed; "*": any
  std::vector<std::string> models;   // each is served by its name; the first is the default
  infer::Precision precision = infer::Precision::float32;
  detect::DetectorOptions detector;  // the default
  bool small_faces = true;
  predict::Align align = predict::Align::automatic;
  int threads = 1;            // at least 1
  double batch_wait_s = 0.0;  // how long faces wait for others to join their batch
  Limits limits;
};

}  // namespace fer::serve
