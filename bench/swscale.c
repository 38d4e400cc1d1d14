// What FFmpeg's swscale needs for the tensor that the fused letterbox writes: 1920x1080 YUV 4:2:0 to 640x360 planar RGB (bilinear),
// then 8-bit samples to single precision. Prints the shortest of many runs.
//   cc -O3 -march=native bench/swscale.c -o /tmp/swscale -lswscale -lavutil && /tmp/swscale
#include <libswscale/swscale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 1920, HEIGHT = 1080, TO_WIDTH = 640, TO_HEIGHT = 360, RUNS = 400 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(void)
{
    static uint8_t y[WIDTH * HEIGHT], u[WIDTH * HEIGHT / 4], v[WIDTH * HEIGHT / 4], planes[3][TO_WIDTH * TO_HEIGHT + 64];
    static float tensor[3][TO_WIDTH * TO_HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        y[i] = rand();
    for (int i = 0; i < WIDTH * HEIGHT / 4; i++)
        u[i] = v[i] = rand();
    struct SwsContext *scaler =
        sws_getContext(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, TO_WIDTH, TO_HEIGHT, AV_PIX_FMT_GBRP, SWS_BILINEAR, NULL, NULL, NULL);
    const uint8_t *from[4] = {y, u, v};
    const int from_strides[4] = {WIDTH, WIDTH / 2, WIDTH / 2};
    uint8_t *to[4] = {planes[1], planes[2], planes[0]};
    const int to_strides[4] = {TO_WIDTH, TO_WIDTH, TO_WIDTH};
    double least = 1e9, least_scaling = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double start = now();
        sws_scale(scaler, from, from_strides, 0, HEIGHT, to, to_strides);
        double scaled = now();
        for (int plane = 0; plane < 3; plane++)
            for (int i = 0; i < TO_WIDTH * TO_HEIGHT; i++)
                tensor[plane][i] = planes[plane][i] * (1 / 255.0f);
        double end = now();
        least = end - start < least ? end - start : least;
        least_scaling = scaled - start < least_scaling ? scaled - start : least_scaling;
    }
    printf("%.3f ms, of it %.3f ms scaling (check: %f)\n", least, least_scaling, tensor[1][12345]);
    sws_freeContext(scaler);
    return 0;
}
