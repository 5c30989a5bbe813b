"""An image classifier, moved from PyTorch to MindSpore line by line. ported_right.py is the same as it works."""
import argparse
import math

import numpy as np

import mindspore as ms
import mindspore.dataset as ds
from mindspore import nn, ops
from mindspore.experimental import optim
from mindspore.nn.learning_rate_schedule import LearningRateSchedule
from mindspore.train import Model


# Data

class Digits:
    """Squares and crosses of 8 by 8 pixels, with noise."""

    def __init__(self, count, seed):
        random = np.random.default_rng(seed)
        self.labels = random.integers(0, 2, count).astype(np.int32)
        self.images = random.normal(0.0, 0.3, (count, 1, 8, 8)).astype(np.float32)
        for image, label in zip(self.images, self.labels):
            if label:
                image[0, 2:6, 2:6] += 1.0
            else:
                image[0, range(8), range(8)] += 1.0

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index], self.labels[index]


def loader(count, batch_size, seed, shuffle=True):
    dataset = ds.GeneratorDataset(Digits(count, seed), ["image", "label"], shuffle=shuffle)
    return dataset.batch(batch_size, drop_remainder=True)


# Model

class Block(nn.Cell):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, has_bias=True)
        self.norm = nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU()

    def construct(self, x):
        return self.relu(self.norm(self.conv(x)))


class Classifier(nn.Cell):
    def __init__(self, classes=2):
        super().__init__()
        self.backbone = nn.SequentialCell(Block(1, 8), Block(8, 8))
        self.flatten = nn.Flatten()
        self.head = nn.Dense(8 * 8 * 8, classes)

    def construct(self, x):
        return self.head(self.flatten(self.backbone(x)))


# Optimizers and schedules

class WarmupCosine(LearningRateSchedule):
    """torch has a get_lr here; MindSpore calls construct."""

    def __init__(self, base_lr, warmup, total):
        super().__init__()
        self.base_lr = base_lr
        self.warmup = warmup
        self.total = total

    def get_lr(self, step):
        if step < self.warmup:
            return self.base_lr * (step + 1) / self.warmup
        return self.base_lr * 0.5 * (1.0 + math.cos(math.pi * step / self.total))


class SignSGD(nn.Optimizer):
    """Steps of one size. torch's base class takes the parameters first."""

    def __init__(self, params, lr):
        super().__init__(params, lr)

    def construct(self, gradients):
        rate = self.get_lr()
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * ops.sign(gradient)))
        return done


def parameter_groups(model, lr, weight_decay):
    """The head with its own rate; nothing that has one dimension is decayed."""
    decay = [p for p in model.trainable_params() if p.ndim > 1]
    head_lr = lr * 10
    # An iterator is empty when the optimizer looks at it for the second time.
    no_decay = filter(lambda p: p.ndim <= 1, model.trainable_params())
    return [
        {"params": decay, "lr": head_lr, "weight_decay": weight_decay},
        {"params": no_decay, "weight_decay": 0.0},
    ]


def build_optimizer(args, model):
    params = model.trainable_params()
    if args.optimizer == "sgd":
        return nn.SGD(params, lr=args.lr, momentum=0.9)
    if args.optimizer == "adam":
        return nn.Adam(params, learning_rate=args.lr, betas=(0.9, 0.999))
    if args.optimizer == "adamw":
        return nn.AdamW(params, learning_rate=args.lr, weight_decay=args.weight_decay)
    if args.optimizer == "adagrad":
        return nn.Adagrad(params, args.lr)
    if args.optimizer == "head":
        return nn.SGD(model.head.parameters(), learning_rate=args.lr)
    if args.optimizer == "cosine":
        return nn.Momentum(params, WarmupCosine(args.lr, 10, 100), momentum=0.9)
    if args.optimizer == "nesterov":
        return nn.SGD(params, args.lr, momentum=0.0, nesterov=True)
    if args.optimizer == "annealed":
        return nn.SGD(params, nn.CosineDecayLR(0, args.lr, 100))
    if args.optimizer == "rmsprop":
        return nn.RMSProp(model.get_parameters(), args.lr, weight_decay=1e-4)
    if args.optimizer == "sign":
        return SignSGD(params, args.lr)
    groups = parameter_groups(model, args.lr, args.weight_decay)
    return nn.Momentum(groups, learning_rate=args.lr, momentum=0.9)


# Training

def train_one_epoch(model, dataset, criterion, optimizer):
    model.set_train()
    losses = []
    for image, label in dataset.create_tuple_iterator():
        optimizer.zero_grad()
        loss = criterion(model(image), label)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.asnumpy()))
    return sum(losses) / len(losses)


def evaluate(model, dataset):
    model.set_train(False)
    right = total = 0
    for image, label in dataset.create_tuple_iterator():
        right += int((model(image).argmax(1) == label).sum().asnumpy())
        total += label.shape[0]
    return right / total


def fit(args):
    model = Classifier()
    criterion = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=args.lr, momentum=0.9, weight_decay=1e-4)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    best = 0.0
    for epoch in range(args.epochs):
        loss = train_one_epoch(model, loader(256, 32, seed=epoch), criterion, optimizer)
        accuracy = evaluate(model, loader(128, 32, seed=1000, shuffle=False))
        scheduler.step()
        if epoch == args.epochs // 2:
            optimizer.learning_rate = 0.001
        print(f"epoch {epoch}: loss {loss:.4f}, accuracy {accuracy:.3f}, rate {optimizer.param_groups[0]['lr']}")
        if accuracy > best:
            best = accuracy
            ms.save_checkpoint(model, "best.ckpt")
    return model, optimizer


def fine_tune(args, checkpoint):
    """Only the head, with a rate that falls from step to step."""
    model = Classifier()
    ms.load_param_into_net(model, ms.load_checkpoint(checkpoint))
    rates = nn.cosine_decay_lr(0.0, args.lr, 8 * args.epochs, 8, args.epochs)
    optimizer = nn.SGD(model.head.trainable_params(), learning_rate=rates)
    forward = ms.value_and_grad(lambda x, y: nn.CrossEntropyLoss()(model(x), y), None, optimizer.parameters)
    for image, label in loader(256, 32, seed=2000).create_tuple_iterator():
        loss, grads = forward(image, label)
        optimizer(grads)
        optimizer.lr = args.lr / 2
        if float(loss.asnumpy()) > 10.0:
            ops.assign(optimizer.learning_rate, ms.Tensor(args.lr / 10, ms.float32))
    saved = optimizer.state_dict()
    print("rate at the end:", saved["param_groups"][0]["lr"])
    return model


def fit_with_model(args):
    model = Classifier()
    optimizer = optim.AdamW(model.trainable_params(), lr=args.lr, weight_decay=args.weight_decay)
    trainer = Model(model, loss_fn=nn.CrossEntropyLoss(), optimizer=optimizer)
    trainer.train(args.epochs, loader(256, 32, seed=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--optimizer", default="momentum")
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    build_optimizer(args, Classifier())
    fit(args)
    print("fine-tuned:", evaluate(fine_tune(args, "best.ckpt"), loader(128, 32, seed=1000, shuffle=False)))
    fit_with_model(args)


if __name__ == "__main__":
    main()
