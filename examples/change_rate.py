"""Changing the rate between epochs works for a number, and for nothing else."""
import mindspore as ms
from mindspore import nn, ops
from mindspore.experimental import optim


def cosine(lr, epochs, steps):
    return nn.cosine_decay_lr(0.0, lr, total_step=epochs * steps, step_per_epoch=steps, decay_epoch=epochs)


class Trainer:
    def __init__(self, net, lr=0.1):
        self.net = net
        self.scheduled = nn.Momentum(net.trainable_params(), learning_rate=cosine(lr, 5, 10), momentum=0.9)
        self.constant = nn.Momentum(net.trainable_params(), learning_rate=lr, momentum=0.9)

    def alternative(self):
        # In this family the rate is called lr.
        return optim.AdamW(self.net.trainable_params(), learning_rate=1e-3)

    def end_of_epoch(self, lr):
        value = ms.Tensor(lr, ms.float32)
        ops.assign(self.constant.learning_rate, value)
        # The rates were computed beforehand: there is no single value to assign to.
        ops.assign(self.scheduled.learning_rate, value)


if __name__ == "__main__":
    trainer = Trainer(nn.Dense(8, 2))
    trainer.alternative()
    trainer.end_of_epoch(0.01)
